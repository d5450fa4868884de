/** Checks without risk that answer for alerts, remembered ones among them, as the check list has them now; and that a household has left, which answers as they do. */
import { regionOfDuty, shanghaiDay, type RegionCode } from '@fangpin/domain-kit';
import { arrayLiteral, type Tx } from '@fangpin/persistence';
import { placesOf, within, type AnswersAsked } from '../triage/last-rows.js';
import { ANSWERED_BY_LEAVING, leavingOfItem, LEFT_ITEM_CODES } from '../register/left-states.js';
import { LISTED } from '../triage/outcome.js';
import { answeredUpTo } from '../triage/triage-decision.js';
import type { TriagePolicy } from '../triage/triage-policy.js';
import { checkItemStates } from './check-item-states.js';
import type { SaidCheck } from './said-checks.js';

interface CheckedRow {
  origin: number;
  household_id: number;
  duty_code: number;
  revision: number;
  alert_revision: number;
  severity: number;
  checked_severity: number;
  state: number;
  checked_on: string | null;
  listed_at: Date;
  [column: string]: unknown;
}

const ANSWERED = [checkItemStates['no-risk'].code, ...LEFT_ITEM_CODES].join(', ');

// One that has grown into a case is the case's. By key for each (OFFSET 0): row security would have each compared with each.
const checked = (which: string): string => `
  SELECT i.origin, i.household_id, i.duty_code, i.revision, i.alert_revision, i.severity, i.listed_at, i.state,
         coalesce(i.checked_severity, i.severity) AS checked_severity,
         (SELECT to_char(r.checked_on, 'YYYY-MM-DD') FROM check_results r
           WHERE r.household_id = i.household_id AND r.origin = coalesce(i.remembered_origin, i.origin)
             AND r.result = ${checkItemStates['no-risk'].code} ORDER BY r.recorded_at DESC LIMIT 1) AS checked_on
    FROM check_items i
   WHERE i.state IN (${ANSWERED}) AND i.outcome = ${LISTED} AND ${which}
     AND NOT EXISTS (SELECT FROM cases c WHERE c.case_origin = i.origin AND c.household_id = i.household_id
                        AND c.alert_revision >= i.alert_revision OFFSET 0)
     AND NOT EXISTS (SELECT FROM case_alerts a WHERE a.origin = i.origin AND a.household_id = i.household_id
                        AND a.alert_revision >= i.alert_revision OFFSET 0)
   ORDER BY i.origin, i.household_id`;

const UNANSWERED = `
  SELECT i.origin, i.household_id, i.duty_code, i.revision, i.alert_revision FROM check_items i
   WHERE i.state NOT IN (${ANSWERED}) AND i.outcome = ${LISTED}
     AND i.origin = ANY($1::bigint[]) AND ${within('i.duty_code')}
   ORDER BY i.origin, i.household_id`;

// Was checked once, and does not stand answered by it any more.
const onceChecked = (which: string): string => `
  SELECT i.origin, i.household_id, i.duty_code, i.revision, i.alert_revision FROM check_items i
   WHERE i.checked_severity IS NOT NULL AND i.outcome = ${LISTED} AND ${which}
     AND (i.state NOT IN (${ANSWERED})
       OR EXISTS (SELECT FROM cases c WHERE c.case_origin = i.origin AND c.household_id = i.household_id
                     AND c.alert_revision >= i.alert_revision OFFSET 0)
       OR EXISTS (SELECT FROM case_alerts a WHERE a.origin = i.origin AND a.household_id = i.household_id
                     AND a.alert_revision >= i.alert_revision OFFSET 0))
   ORDER BY i.origin, i.household_id`;

const PAIRS = '(i.origin, i.household_id) IN (SELECT * FROM unnest($1::bigint[], $2::bigint[]))';
const ONCE_CHECKED_OF_ORIGINS = onceChecked(`i.origin = ANY($1::bigint[]) AND ${within('i.duty_code')}`);
const ONCE_CHECKED_OF_PAIRS = onceChecked(PAIRS);
const OF_ORIGINS = checked(`i.origin = ANY($1::bigint[]) AND ${within('i.duty_code')}`);
const OF_PAIRS = checked(PAIRS);
const PAGE_OF_ORIGIN = `${checked(`i.origin = $1 AND ${within('i.duty_code')} AND i.household_id > $3`)} LIMIT $4`;

/** Of all alerts of some origins in some townships, in order of origin and household. */
export async function standingChecks(tx: Tx, asked: AnswersAsked, policy: TriagePolicy): Promise<SaidCheck[]> {
  return saidOf(await tx.query<CheckedRow>(OF_ORIGINS, placesOf(asked)), policy);
}

/** The same of one origin, so many at once: those after a household, in order of it. */
export async function pageOfChecks(
  tx: Tx,
  {
    origin,
    townships,
    after,
  }: { readonly origin: number; readonly townships: readonly number[]; readonly after: number },
  most: number,
  policy: TriagePolicy,
): Promise<SaidCheck[]> {
  const values = [origin, arrayLiteral(townships), after, most];
  return saidOf(await tx.query<CheckedRow>(PAGE_OF_ORIGIN, values), policy);
}

/** Items of some origins in some townships that no check without risk answers for. */
export async function itemsWithoutCheck(tx: Tx, asked: AnswersAsked): Promise<SaidCheck[]> {
  return noneOf(await tx.query<CheckedRow>(UNANSWERED, placesOf(asked)));
}

/** Items of some origins in some townships that a check answered for once, and no more: the alert has grown worse since. */
export async function itemsOnceChecked(tx: Tx, asked: AnswersAsked): Promise<SaidCheck[]> {
  return noneOf(await tx.query<CheckedRow>(ONCE_CHECKED_OF_ORIGINS, placesOf(asked)));
}

/** The same of some alerts: the n-th origin goes with the n-th household. */
export async function onceCheckedOfAlerts(
  tx: Tx,
  origins: readonly number[],
  households: readonly number[],
): Promise<SaidCheck[]> {
  if (origins.length === 0) return [];
  const values = [arrayLiteral(origins), arrayLiteral(households)];
  return noneOf(await tx.query<CheckedRow>(ONCE_CHECKED_OF_PAIRS, values));
}

function noneOf(rows: readonly CheckedRow[]): SaidCheck[] {
  return rows.map(
    ({ origin, household_id: householdId, duty_code: dutyCode, revision, alert_revision: alertRevision }) => ({
      ...{ origin, householdId, dutyCode, revision, alertRevision },
      ...{ result: 'none', checkedOn: '', answeredUpTo: 0 },
    }),
  );
}

/** Of some alerts: the n-th origin goes with the n-th household. */
export async function checksOfAlerts(
  tx: Tx,
  origins: readonly number[],
  households: readonly number[],
  policy: TriagePolicy,
): Promise<SaidCheck[]> {
  if (origins.length === 0) return [];
  return saidOf(await tx.query<CheckedRow>(OF_PAIRS, [arrayLiteral(origins), arrayLiteral(households)]), policy);
}

/** How far a check answers for its item: at least for the severity at which the item stands answered. */
export function reachOfCheck(
  item: { readonly dutyCode: number; readonly severity: number; readonly checkedSeverity: number },
  day: string,
  policy: TriagePolicy,
): number {
  const township: RegionCode = regionOfDuty(item.dutyCode, 'township');
  return Math.max(item.severity, answeredUpTo(item.checkedSeverity, policy.rulesAt(township, day)));
}

function saidOf(rows: readonly CheckedRow[], policy: TriagePolicy): SaidCheck[] {
  return rows.map((row) => {
    const { origin, household_id: householdId, duty_code: dutyCode, revision, alert_revision: alertRevision } = row;
    const of = { origin, householdId, dutyCode, revision, alertRevision };
    const left = leavingOfItem(row.state);
    if (left !== undefined) return { ...of, result: left, checkedOn: '', answeredUpTo: ANSWERED_BY_LEAVING };
    const checkedOn = row.checked_on ?? shanghaiDay(row.listed_at);
    const item = { dutyCode, severity: row.severity, checkedSeverity: row.checked_severity };
    return { ...of, result: 'no-risk', checkedOn, answeredUpTo: reachOfCheck(item, checkedOn, policy) };
  });
}
