/** The comparison that the services make every day, asked for now: after a round it must find nothing to mend. */
import type { HttpClient } from '../client/http-client.ts';
import { untilNothingIsOnItsWay, type Observed } from '../client/on-its-way.ts';
import { sendUntilAnswered } from './kills-sending.ts';
import { waitFor } from './wait.ts';

interface Comparison {
  readonly id: number;
  readonly state: string;
  readonly alarms: number;
  readonly exposure: { readonly alarms: number; readonly mended: number };
  readonly findings: readonly { subject: string; kind: string; households: number; sample: number[] }[];
}

const PATIENCE = { everyMs: 300, timeoutMs: 300_000 };
const ON_ITS_WAY_MS = 300_000;

/** A comparison with nothing to wait for: settings of risk-alerts. */
export const QUICK_COMPARISONS = {
  FANGPIN_RECONCILIATION_QUIET_SECONDS: '0',
  FANGPIN_RECONCILIATION_REST_SECONDS: '1',
  FANGPIN_RECONCILIATION_LOOK_SECONDS: '1',
  FANGPIN_RECONCILIATION_SILENT_SECONDS: '15',
} as const;

/**
 * What the services hold differently, in words. Asked once nothing is on its way: with no quiet time an answer that comes between the
 * question and its reply counts as one that was lost.
 */
export async function comparisonFaults(system: Observed, operator: HttpClient): Promise<string[]> {
  await untilNothingIsOnItsWay(system, ON_ITS_WAY_MS);
  const { body } = await sendUntilAnswered<{ id: number }>(operator, '/v1/reconciliations', {});
  const done = await waitFor({ what: `comparison ${body.id} is closed`, ...PATIENCE }, async () => {
    const { items } = await operator.get<{ items: Comparison[] }>('/v1/reconciliations?limit=5');
    return items.find(({ id, state }) => id === body.id && state === 'closed');
  });
  const found = done.findings.map(
    ({ subject, kind, households, sample }) => `comparison: ${subject} ${kind}: ${households}, as ${sample.join(', ')}`,
  );
  const alarms = done.alarms + done.exposure.alarms;
  return [...found, ...(alarms === 0 ? [] : [`the comparison ends with ${alarms} alarms`])];
}
