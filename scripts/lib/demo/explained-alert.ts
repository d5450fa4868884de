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
    steps: { step: string; text: string; values: Record<string, number | string | null> }[];
    policy: { version: string };
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
export function alertText({ id, householdId, region, persons, severityName, explanation }: ExplainedAlert): string {
  const { text, steps, policy } = explanation;
  return [
    `一户预警的说明 one alert explained: household ${householdId} in ${region}, persons: ${persons}, ${severityName}`,
    `  ${text}`,
    ...steps.map(({ step, text: told, values }) => `  · ${step}: ${told}（${valuesText(values)}）`),
    `  policy ${policy.version}; inputs, records and sources: GET /v1/alerts/${id}`,
  ].join('\n');
}

const FEN_PER_YUAN = 100;

/** `lossYuan 2,562, persons 3`: money is shown in yuan. */
function valuesText(values: Readonly<Record<string, number | string | null>>): string {
  return Object.entries(values)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => {
      if (typeof value !== 'number') return `${name} ${value}`;
      const isMoney = name.endsWith('Fen');
      const shown = (isMoney ? value / FEN_PER_YUAN : value).toLocaleString('en', { maximumFractionDigits: 2 });
      return `${isMoney ? name.replace(/Fen$/, 'Yuan') : name} ${shown}`;
    })
    .join(', ');
}
