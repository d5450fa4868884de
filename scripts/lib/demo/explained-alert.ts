import type { HttpClient } from '../client/http-client.ts';

export interface ExplainedAlert {
  id: string;
  householdId: number;
  region: string;
  severity: number;
  severityName: string;
  persons: number;
  explanation: {
    text: string;
    steps: { step: string; text: string }[];
    policy: { version: string; records?: { id?: string; source?: unknown }[] };
  };
}

interface AlertPage {
  items: Pick<ExplainedAlert, 'id' | 'severity'>[];
}

/** The gravest of a shock's first alerts, with all that explains it; nothing where the shock has none. */
export async function explainedAlertOf(client: HttpClient, shockId: string): Promise<ExplainedAlert | undefined> {
  const { items } = await client.get<AlertPage>(`/v1/alerts?shockId=${shockId}&limit=50`);
  const gravest = items.reduce<AlertPage['items'][number] | undefined>(
    (worst, alert) => (worst === undefined || alert.severity > worst.severity ? alert : worst),
    undefined,
  );
  return gravest && client.get<ExplainedAlert>(`/v1/alerts/${gravest.id}`);
}

/** For the terminal: who, why in one paragraph, and how it was reckoned, step by step. */
export function alertText({ householdId, region, persons, severityName, explanation }: ExplainedAlert): string {
  const { text, steps, policy } = explanation;
  return [
    `一户预警的说明 one alert explained: household ${householdId} in ${region}, ${persons} persons, ${severityName}`,
    `  ${text}`,
    ...steps.map(({ step, text: told }) => `  · ${step}: ${told}`),
    `  policy ${policy.version}`,
  ].join('\n');
}
