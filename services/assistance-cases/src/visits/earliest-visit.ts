/**
 * From which day on somebody can have looked at what an alert tells of, and told the household of it (docs/adr/0072). A day before that is evidence of
 * something else.
 */
import type { Tx } from '@fangpin/persistence';
import { checkItemStates } from '../check-items/check-item-states.js';
import { LAST_STANDING } from '../triage/outcome.js';

// The day on which it began, or the day that its alert was first judged at where that was not stated; never later than it was raised, for of dates that a
// department got wrong the household is none the wiser. What is asked again since a check without risk is more than that check saw.
const EARLIEST = `
  SELECT t.origin, to_char(greatest(
           least(coalesce(t.began_on, t.judged_on), (t.raised_at AT TIME ZONE 'Asia/Shanghai')::date),
           (SELECT max(r.checked_on) FROM check_results r
             WHERE r.origin = t.origin AND r.household_id = $1 AND r.result = ${checkItemStates['no-risk'].code})),
           'YYYY-MM-DD') AS day
    FROM triage_refs t WHERE t.origin = ANY($2::bigint[])`;

/** By origin: the first day, YYYY-MM-DD, on which a visit can have seen what this household's alert of it tells of. */
export async function earliestVisits(
  tx: Tx,
  householdId: number,
  origins: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  const rows = await tx.query<{ origin: number; day: string }>(EARLIEST, [householdId, origins]);
  return new Map(rows.map(({ origin, day }) => [origin, day]));
}

// As the case shows its alerts: what stands on it, and the open items that are joined to it.
const BEHIND = `
  SELECT case_origin AS origin FROM cases WHERE case_origin = $1 AND household_id = $2 AND alert_outcome <= $3
  UNION
  SELECT origin FROM case_alerts WHERE case_origin = $1 AND household_id = $2 AND outcome <= $3
  UNION
  SELECT origin FROM check_items WHERE household_id = $2 AND state < 100`;

/**
 * The first day on which a household can have been told why all that stands behind its open case is no risk: a dismissal answers all of it. Undefined
 * where nothing stands any more.
 */
export async function earliestTelling(
  tx: Tx,
  { caseOrigin, householdId }: { readonly caseOrigin: number; readonly householdId: number },
): Promise<string | undefined> {
  const behind = await tx.query<{ origin: number }>(BEHIND, [caseOrigin, householdId, LAST_STANDING]);
  const days = await earliestVisits(
    tx,
    householdId,
    behind.map(({ origin }) => origin),
  );
  return [...days.values()].sort().at(-1);
}
