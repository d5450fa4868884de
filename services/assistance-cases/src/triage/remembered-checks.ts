/**
 * Checks without risk, dismissed cases among them, that answer for a repeat (architecture §4.7): the same household and cause,
 * within the months of policy, and not materially worse since. The new item is listed as answered, and nobody is asked to visit
 * again.
 */
import { JOINT_CAUSE } from '@fangpin/contracts';
import { monthsAfter, shanghaiDay } from '@fangpin/domain-kit';
import { prepared, type Tx } from '@fangpin/persistence';
import type { TriageRun } from './triage-run.js';

export interface RememberedCheck {
  /** Origin of the alert whose household was checked. */
  readonly origin: number;
  /** Severity at that check. */
  readonly severity: number;
  /** `YYYY-MM-DD`. */
  readonly checkedOn: string;
}

interface CheckRow {
  household_id: number;
  origin: number;
  severity: number;
  checked_on: string;
  [column: string]: unknown;
}

// The latest result of the household for the cause counts: a risk found after it ends the memory. A visit that answered several
// alerts of the cause has looked at the worst. What several causes are together is the same again only where the causes are.
const LATEST = `
  SELECT household_id, origin, severity, to_char(checked_on, 'YYYY-MM-DD') AS checked_on FROM (
    SELECT DISTINCT ON (r.household_id) r.household_id, r.origin, r.severity, r.checked_on, r.result
      FROM check_results r JOIN triage_refs t ON t.origin = r.origin
     WHERE r.household_id = ANY($1::bigint[]) AND t.cause = $2 AND ($3::text IS NULL OR t.shock_kind = $3)
     ORDER BY r.household_id, r.recorded_at DESC, r.severity DESC) AS latest
   WHERE result = 101`;

/** The same for one household, whose alert is waited for; each result's origin by its key (OFFSET 0), whatever is known of the tables. */
const LATEST_OF_ONE = prepared(`
  SELECT household_id, origin, severity, to_char(checked_on, 'YYYY-MM-DD') AS checked_on FROM (
    SELECT r.household_id, r.origin, r.severity, r.checked_on, r.result
      FROM check_results r
        CROSS JOIN LATERAL (
          SELECT FROM triage_refs t
           WHERE t.origin = r.origin AND t.cause = $2 AND ($3::text IS NULL OR t.shock_kind = $3) OFFSET 0) AS same
     WHERE r.household_id = $1
     ORDER BY r.recorded_at DESC, r.severity DESC LIMIT 1) AS latest
   WHERE result = 101`);

/** By alert. */
export async function rememberedChecks(
  tx: Tx,
  run: TriageRun,
  alerts: readonly number[],
): Promise<Map<number, RememberedCheck>> {
  const found = new Map<number, RememberedCheck>();
  const today = shanghaiDay(run.now);
  for (const ofCause of Map.groupBy(alerts, (alert) => sameness(run, alert)).values()) {
    const { cause, shockKind } = run.incoming.headOf(ofCause[0] as number);
    const kind = cause === JOINT_CAUSE ? shockKind : null;
    const households = run.householdsOf(ofCause);
    const rows =
      households.length === 1
        ? await tx.query<CheckRow>(LATEST_OF_ONE, [households[0], cause, kind])
        : await tx.query<CheckRow>(LATEST, [households, cause, kind]);
    if (rows.length === 0) continue;
    const byHousehold = new Map(rows.map((row) => [row.household_id, row]));
    for (const alert of ofCause) {
      const row = byHousehold.get(run.incoming.household[alert] as number);
      if (row === undefined) continue;
      const { months, worseByLevels } = run.rulesOf(alert).memory;
      const recent = monthsAfter(row.checked_on, months) >= today;
      const worse = (run.incoming.severity[alert] as number) >= row.severity + worseByLevels;
      if (recent && !worse) found.set(alert, { origin: row.origin, severity: row.severity, checkedOn: row.checked_on });
    }
  }
  return found;
}

/** What an alert has in common with one that answers for it. */
function sameness(run: TriageRun, alert: number): string {
  const { cause, shockKind } = run.incoming.headOf(alert);
  return cause === JOINT_CAUSE ? `${cause}/${shockKind}` : cause;
}
