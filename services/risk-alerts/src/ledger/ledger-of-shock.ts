/**
 * The ledger of a shock that is several causes to its households (a flood takes crops and houses). Alerts are per cause, the
 * figures are of distinct households: alerted under any cause, else withheld; published once all of its alerts are; where
 * its alerts went to different places, the one that went farthest counts (opened, attached, listed, parked); withdrawn once
 * all of its alerts are, and counted under the worst severity of those that stand. So the sums of a single cause (ledger-sql.ts) hold here too.
 */
import { TriageOutcome } from '@fangpin/contracts';
import { joiningSets, type Tx } from '@fangpin/persistence';
import { RAISED, WITHDRAWN } from '../fan-out/alert-rows.js';
import { TOWNSHIP_SPAN } from '../fan-out/township.js';
import { FIGURES_BY_TOWNSHIP, ledgerOf, type TownshipCounts } from './ledger-sql.js';

const became = (outcome: TriageOutcome): string => `count(*) FILTER (WHERE outcome = ${outcome})::int`;
const gaveBack = (outcome: TriageOutcome): string => `count(*) FILTER (WHERE withdrawn AND back = ${outcome})::int`;
const severity = (level: number): string => `count(*) FILTER (WHERE severity = ${level})::int`;

const SEVERAL_CAUSES_SQL = `
WITH last AS (
  SELECT DISTINCT ON (a.origin, a.household_id) a.origin, a.household_id, a.revision,
    a.duty_code / ${TOWNSHIP_SPAN} AS township, a.state, a.severity
  FROM alerts a WHERE a.origin = ANY($1::bigint[]) ORDER BY a.origin, a.household_id, a.revision DESC
), sent AS (
  SELECT DISTINCT a.origin, a.household_id, true AS published FROM alerts a JOIN slices s USING (slice_no)
  WHERE a.origin = ANY($1::bigint[]) AND s.state = 'published' AND a.state = ${RAISED}
), answers AS (
  SELECT t.origin, t.alert_revision, t.answer_no, pair.household_id, pair.outcome
  FROM triage_answers t, unnest(t.household_ids, t.outcomes) AS pair (household_id, outcome)
  WHERE t.origin = ANY($1::bigint[])
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
  SELECT household_id, (array_agg(township ORDER BY revision DESC))[1] AS township, bool_and(published) AS published,
    CASE WHEN bool_and(outcome IS NOT NULL) THEN min(outcome) END AS outcome, bool_and(state = ${WITHDRAWN}) AS withdrawn,
    CASE WHEN bool_and(back IS NOT NULL) THEN max(back) END AS back,
    max(severity) FILTER (WHERE state = ${RAISED}) AS severity
  FROM of_alert GROUP BY household_id
), alerted AS (
  SELECT township, count(*)::int AS alerted, count(*) FILTER (WHERE published)::int AS published,
    count(*) FILTER (WHERE withdrawn)::int AS withdrawn,
    ${gaveBack(TriageOutcome.DROPPED)} AS dropped, ${gaveBack(TriageOutcome.FLAGGED)} AS flagged,
    ${became(TriageOutcome.OPENED)} AS "casesOpened", ${became(TriageOutcome.ATTACHED)} AS "casesAttached",
    ${became(TriageOutcome.LISTED)} AS listed, ${became(TriageOutcome.PARKED)} AS parked,
    ${severity(4)} AS red, ${severity(3)} AS orange, ${severity(2)} AS yellow, ${severity(1)} AS blue
  FROM of_household GROUP BY township
), held AS (
  SELECT w.duty_code / ${TOWNSHIP_SPAN} AS township, count(DISTINCT id)::int AS withheld
  FROM withheld w, unnest(w.household_ids) AS id
  WHERE w.origin = ANY($1::bigint[]) AND NOT EXISTS (SELECT FROM of_household WHERE of_household.household_id = id)
  GROUP BY 1
)
${FIGURES_BY_TOWNSHIP}`;

/** Counts by township over the origins of one shock, under the scope of the transaction. */
export function ledgerOfShock(tx: Tx, origins: readonly number[]): Promise<TownshipCounts[]> {
  const [only] = origins;
  if (origins.length === 1 && only !== undefined) return ledgerOf(tx, only);
  return joiningSets(tx, () => tx.query<TownshipCounts & Record<string, unknown>>(SEVERAL_CAUSES_SQL, [origins]));
}
