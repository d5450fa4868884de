/** How old what is reported as new may be. Pure. */
import { COUNTRY, InvalidValue, shanghaiDay, toBeijingTime } from '@fangpin/domain-kit';
import type { PolicySet } from '@fangpin/policy';
import { judgedAt, type Received } from '../intake/received.js';
import type { ShockReport } from './report.js';

const DAY_MS = 86_400_000;

/**
 * Refuses (400) what is said to have happened longer ago than policy `report-age` of the place and the day of the report: a wrong year would alert
 * today's households by the line of that year. An operator's replay time (`asOf`) counts as the day of the report.
 */
export function refuseLongAgo(
  { observed, onset, regions }: Pick<ShockReport, 'observed' | 'onset' | 'regions'>,
  received: Received,
  policy: PolicySet,
): void {
  if (!observed) return;
  const at = judgedAt(received);
  const { days } = policy.get('report-age', regions[0] ?? COUNTRY, shanghaiDay(at)).value;
  if (at.getTime() - onset.getTime() <= days * DAY_MS) return;
  throw new InvalidValue(
    'onset',
    toBeijingTime(onset),
    `must not lie more than ${days} days before the report (policy report-age); history is replayed with a replay time (asOf) by an operator`,
  );
}
