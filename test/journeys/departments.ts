/** What a department sends and reads in the journeys: the health insurance, with a year's costs of illness. */
import { eventually } from '@fangpin/testing';
import { expect } from '@jest/globals';
import { HttpClient } from '../../scripts/lib/client/http-client.ts';
import { COUNTY, type World } from './world.ts';

export const PUSHES = '/v1/departments/health-insurance/findings';
export const BATCHES = '/v1/departments/health-insurance/batches';

export interface Settled {
  readonly revision: number;
  readonly outcome: string;
  readonly alertId: string | null;
  readonly alerts: readonly { id: string; status: string; answer: string | null; caseId: string | null }[];
}

export interface Taken {
  readonly findingId: string;
  readonly revision: number;
  readonly outcome: string;
  readonly householdId?: number;
}

export async function healthInsurance({ stack }: World): Promise<HttpClient> {
  const token = await stack.token({ role: 'department-client', region: COUNTY, department: 'health-insurance' });
  return new HttpClient(stack.gateway, token);
}

/** Two months back: no department pushes what has not happened yet. */
const OCCURRED_ON = new Date(Date.now() - 60 * 86_400_000).toISOString().slice(0, 10);

/** Costs of a year's illness, 80,000 yuan of which the household has paid itself. */
export function illness(over: object): object {
  return {
    kind: 'medical-spending',
    occurredOn: OCCURRED_ON,
    since: `${OCCURRED_ON.slice(0, 4)}-01-01`,
    spentFen: 9_000_000,
    refundedFen: 1_000_000,
    ...over,
  };
}

/** What became of a finding, once assistance-cases has answered its first alert as told. */
export function answered(world: World, findingId: string, ...answers: string[]): Promise<Settled> {
  return eventually(
    async () => {
      const finding = await world.operator.get<Settled>(`/v1/findings/${findingId}`);
      expect(answers).toContain(finding.alerts[0]?.answer);
      return finding;
    },
    { timeoutMs: 60_000 },
  );
}
