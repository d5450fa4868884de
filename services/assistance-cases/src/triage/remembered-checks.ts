/**
 * Checks without risk, dismissed cases among them, that answer for another alert (architecture §4.7): the same household, cause and subject, so that nobody
 * is sent twice for one bill, and nobody stays away from a second patient. A check of a storm answers for another of its kind only where that had begun
 * before. The new item is listed as answered, and nobody is asked to visit again.
 */
import { prepared, type Tx } from '@fangpin/persistence';
import { stillAnswers, type Check } from './triage-decision.js';
import type { TriageRun } from './triage-run.js';

export interface RememberedCheck extends Check {
  /** Origin of the alert whose household was checked. */
  readonly origin: number;
}

interface CheckRow {
  household_id: number;
  origin: number;
  severity: number;
  checked_on: string;
  asks_again_from: number | null;
  [column: string]: unknown;
}

// The latest result of the household for the subject counts: a risk found after it ends the memory. A visit that answered several alerts of the
// subject has looked at the worst. An alert whose subject is not stated is like no other: null equals nothing.
const LATEST = `
  SELECT household_id, origin, severity, to_char(checked_on, 'YYYY-MM-DD') AS checked_on, asks_again_from FROM (
    SELECT DISTINCT ON (r.household_id) r.household_id, r.origin, r.severity, r.checked_on, r.asks_again_from, r.result
      FROM check_results r JOIN triage_refs t ON t.origin = r.origin
     WHERE r.household_id = ANY($1::bigint[]) AND t.cause = $2 AND t.subject = $3
     ORDER BY r.household_id, r.recorded_at DESC, r.severity DESC, r.asks_again_from DESC NULLS LAST) AS latest
   WHERE result = 101`;

/**
 * The same for alerts that have each a subject of their own, as findings do: the n-th household with the n-th cause and subject. Each result's origin by
 * its key (OFFSET 0), whatever is known of the tables.
 */
const LATEST_OF_EACH = prepared(`
  SELECT n::int AS n, household_id, origin, severity, to_char(checked_on, 'YYYY-MM-DD') AS checked_on, asks_again_from
    FROM unnest($1::bigint[], $2::text[], $3::bigint[]) WITH ORDINALITY AS asked (household_id, cause, subject, n)
    CROSS JOIN LATERAL (
      SELECT r.origin, r.severity, r.checked_on, r.asks_again_from, r.result
        FROM check_results r
          CROSS JOIN LATERAL (
            SELECT FROM triage_refs t
             WHERE t.origin = r.origin AND t.cause = asked.cause AND t.subject = asked.subject OFFSET 0) AS same
       WHERE r.household_id = asked.household_id
       ORDER BY r.recorded_at DESC, r.severity DESC, r.asks_again_from DESC NULLS LAST LIMIT 1) AS latest
   WHERE result = 101`);

/** By alert. */
export async function rememberedChecks(
  tx: Tx,
  run: TriageRun,
  alerts: readonly number[],
): Promise<Map<number, RememberedCheck>> {
  const found = new Map<number, RememberedCheck>();
  const stated = alerts.filter((alert) => run.incoming.headOf(alert).subject > 0);
  const groups = [...Map.groupBy(stated, (alert) => subjectOf(run, alert)).values()];
  for (const group of groups) if (group.length > 1) await lookUpTogether(tx, run, group, found);
  const alone = groups.flatMap((group) => (group.length === 1 ? group : []));
  if (alone.length > 0) await lookUpEach(tx, run, alone, found);
  return found;
}

async function lookUpTogether(
  tx: Tx,
  run: TriageRun,
  group: readonly number[],
  found: Map<number, RememberedCheck>,
): Promise<void> {
  const { cause, subject } = run.incoming.headOf(group[0] as number);
  const rows = await tx.query<CheckRow>(LATEST, [run.householdsOf(group), cause, subject]);
  if (rows.length === 0) return;
  const byHousehold = new Map(rows.map((row) => [row.household_id, row]));
  for (const alert of group) note(run, alert, byHousehold.get(run.incoming.household[alert] as number), found);
}

async function lookUpEach(
  tx: Tx,
  run: TriageRun,
  alerts: readonly number[],
  found: Map<number, RememberedCheck>,
): Promise<void> {
  const heads = alerts.map((alert) => run.incoming.headOf(alert));
  const rows = await tx.query<CheckRow & { n: number }>(LATEST_OF_EACH, [
    run.householdsOf(alerts),
    heads.map(({ cause }) => cause),
    heads.map(({ subject }) => subject),
  ]);
  for (const row of rows) note(run, alerts[row.n - 1] as number, row, found);
}

function note(run: TriageRun, alert: number, row: CheckRow | undefined, found: Map<number, RememberedCheck>): void {
  if (row === undefined) return;
  const { beganOn, speaksUntil, extent } = run.incoming.headOf(alert);
  const check = { severity: row.severity, checkedOn: row.checked_on, asksAgainFrom: row.asks_again_from };
  // Of a check on the day of the onset nobody knows whether it came after it.
  if (beganOn >= check.checkedOn) return;
  const severity = run.incoming.severity[alert] as number;
  if (stillAnswers(check, { severity, speaksUntil, extent }, run.rulesOf(alert), run.today))
    found.set(alert, { origin: row.origin, ...check });
}

function subjectOf(run: TriageRun, alert: number): string {
  const { cause, subject } = run.incoming.headOf(alert);
  return `${cause}/${subject}`;
}
