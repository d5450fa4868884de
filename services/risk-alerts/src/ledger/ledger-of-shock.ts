/**
 * The ledger of a shock that is several causes to its households (a flood takes crops and houses). Alerts are per cause, the
 * figures are of distinct households: alerted under any cause, else withheld; published once all of its alerts are; where
 * its alerts went to different places, the one that went farthest counts (opened, attached, listed, parked); withdrawn once
 * all of its alerts are, and counted under the worst severity of those that stand. So the sums of a single cause (ledger-sql.ts) hold here too.
 */
import { TriageOutcome } from '@fangpin/contracts';
import type { DutyRange } from '@fangpin/domain-kit';
import { joiningSets, type Tx } from '@fangpin/persistence';
import { RAISED, WITHDRAWN } from '../fan-out/alert-rows.js';
import { TOWNSHIP_SPAN } from '../fan-out/township.js';
import { allRows, isAllOf, ofSeveral, rowsOfArea, type LedgerRows } from './ledger-rows.js';
import { FIGURES_BY_TOWNSHIP, ledgerOf, type TownshipCounts } from './ledger-sql.js';

const became = (outcome: TriageOutcome): string => `count(*) FILTER (WHERE outcome = ${outcome})::int`;
const gaveBack = (outcome: TriageOutcome): string => `count(*) FILTER (WHERE withdrawn AND back = ${outcome})::int`;
const severity = (level: number): string => `count(*) FILTER (WHERE severity = ${level})::int`;

const severalCausesSql = (rows: LedgerRows): string => `
WITH ${rows.before}last AS (
  SELECT DISTINCT ON (a.origin, a.household_id) a.origin, a.household_id, a.revision, a.duty_code, a.state, a.severity
  FROM ${rows.alerts} ORDER BY a.origin, a.household_id, a.revision DESC
), sent AS (
  SELECT DISTINCT a.origin, a.household_id, true AS published
  FROM (SELECT a.* FROM ${rows.alerts}) AS a JOIN slices s USING (slice_no)
  WHERE s.state = 'published' AND a.state = ${RAISED}
), answers AS (
  SELECT t.origin, t.alert_revision, t.answer_no, pair.household_id, pair.outcome
  FROM triage_answers t, unnest(t.household_ids, t.outcomes) AS pair (household_id, outcome)
  WHERE ${rows.answers}
), taken AS (
  SELECT DISTINCT ON (origin, household_id) origin, household_id, outcome FROM answers
  WHERE outcome <= ${TriageOutcome.PARKED} ORDER BY origin, household_id, alert_revision DESC, answer_no DESC
), given_back AS (
  SELECT DISTINCT ON (origin, household_id) origin, household_id, outcome AS back FROM answers
  WHERE outcome > ${TriageOutcome.PARKED} ORDER BY origin, household_id, alert_revision DESC, answer_no DESC
), of_alert AS (
  SELECT last.*, coalesce(published, false) AS published, back,
    -- A withdrawal that overtook its alert is answered alone, as in the ledger of one cause.
    coalesce(outcome, CASE WHEN back = ${TriageOutcome.DROPPED} THEN ${TriageOutcome.LISTED} END) AS outcome
  FROM last LEFT JOIN sent USING (origin, household_id) LEFT JOIN taken USING (origin, household_id)
    LEFT JOIN given_back USING (origin, household_id)
), of_household AS (
  SELECT household_id, (array_agg(duty_code ORDER BY revision DESC, origin))[1] AS duty_code, bool_and(published) AS published,
    CASE WHEN bool_and(outcome IS NOT NULL) THEN min(outcome) END AS outcome, bool_and(state = ${WITHDRAWN}) AS withdrawn,
    CASE WHEN bool_and(back IS NOT NULL) THEN max(back) END AS back,
    max(severity) FILTER (WHERE state = ${RAISED}) AS severity
  FROM of_alert GROUP BY household_id
), alerted AS (
  SELECT duty_code / ${TOWNSHIP_SPAN} AS township, count(*)::int AS alerted, count(*) FILTER (WHERE published)::int AS published,
    count(*) FILTER (WHERE withdrawn)::int AS withdrawn,
    ${gaveBack(TriageOutcome.DROPPED)} AS dropped, ${gaveBack(TriageOutcome.FLAGGED)} AS flagged,
    ${became(TriageOutcome.OPENED)} AS "casesOpened", ${became(TriageOutcome.ATTACHED)} AS "casesAttached",
    ${became(TriageOutcome.LISTED)} AS listed, ${became(TriageOutcome.PARKED)} AS parked,
    ${severity(4)} AS red, ${severity(3)} AS orange, ${severity(2)} AS yellow, ${severity(1)} AS blue
  FROM of_household WHERE ${rows.here('duty_code')} GROUP BY 1
), held AS (
  SELECT w.duty_code / ${TOWNSHIP_SPAN} AS township, count(DISTINCT id)::int AS withheld
  FROM withheld w, unnest(w.household_ids) AS id
  WHERE ${rows.withheld} AND ${rows.neverAlerted('of_household')}
  GROUP BY 1
)
${FIGURES_BY_TOWNSHIP}`;

const SEVERAL_CAUSES_SQL = severalCausesSql(allRows(ofSeveral));
const SEVERAL_CAUSES_OF_AREA_SQL = severalCausesSql(rowsOfArea(ofSeveral));

/** Counts by township over the origins of one shock: of all that the transaction sees, which is to be the cell, or of an area within it (ledger-rows.ts). */
export function ledgerOfShock(
  tx: Tx,
  origins: readonly number[],
  area: DutyRange = tx.scope,
): Promise<TownshipCounts[]> {
  const [only] = origins;
  if (origins.length === 1 && only !== undefined) return ledgerOf(tx, only, area);
  const [sql, values] = isAllOf(tx, area)
    ? [SEVERAL_CAUSES_SQL, [origins]]
    : [SEVERAL_CAUSES_OF_AREA_SQL, [origins, area.lo, area.hi]];
  return joiningSets(tx, () => tx.query<TownshipCounts & Record<string, unknown>>(sql, values));
}
