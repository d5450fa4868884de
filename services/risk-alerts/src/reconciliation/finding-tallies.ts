/**
 * What this service holds of answers to alerts of findings, and to joint alerts. Each is an origin of one household, so they are
 * compared by the hundred: those of a township in groups that the question names (docs/adr/0037, docs/adr/0042).
 */
import { TriageOutcome } from '@fangpin/contracts';
import { arrayLiteral, type Tx } from '@fangpin/persistence';
import { TOWNSHIP_SPAN } from '../fan-out/township.js';
import { notedChecks, type Tally } from './tally-sql.js';

/** Keeps a question and what is said again for it small. */
const ORIGINS_A_GROUP = 500;

/** Origins that are compared together; the first one names the group in a comparison. */
export interface OriginGroup {
  readonly township: number;
  readonly origins: readonly number[];
}

/** Slices in which each alert is an origin of its own. */
export type ManyOrigins = 'findings' | 'joint';

/** Beside each revision of such an alert a row of a log stands under the same key. */
const LOGS: Readonly<Record<ManyOrigins, string>> = { findings: 'finding_alert_log', joint: 'joint_alert_log' };

const groups = (direction: ManyOrigins): string => `
WITH quiet AS (
  SELECT o.origin FROM slices s CROSS JOIN unnest(s.origins) AS o (origin)
  WHERE s.direction = '${direction}' AND s.stored_at > now() - make_interval(days => $1)
  GROUP BY o.origin
  HAVING bool_and(s.state = 'published' AND s.published_at <= clock_timestamp() - make_interval(secs => $2))
), placed AS (
  SELECT q.origin, last.duty_code / ${TOWNSHIP_SPAN} AS township
  FROM quiet q CROSS JOIN LATERAL (
    SELECT duty_code FROM ${LOGS[direction]} WHERE origin = q.origin ORDER BY revision DESC, household_id LIMIT 1) AS last
), numbered AS (
  SELECT origin, township, (row_number() OVER (PARTITION BY township ORDER BY origin) - 1) / ${ORIGINS_A_GROUP} AS no FROM placed
)
SELECT township, array_agg(origin ORDER BY origin) AS origins FROM numbered GROUP BY township, no ORDER BY township, no`;

/** Origins with alerts of the last days, all of them published a while ago: by township, where the household was last alerted. */
export function comparableGroups(
  tx: Tx,
  direction: ManyOrigins,
  { days, quietSeconds }: { readonly days: number; readonly quietSeconds: number },
): Promise<OriginGroup[]> {
  return tx.query<OriginGroup & Record<string, unknown>>(groups(direction), [days, quietSeconds]);
}

// Origin after origin by its key (OFFSET 0): as a join of sets, row security lets the planner compare each with each. By the logs and then by
// the whole key: by its origin alone it reads the index of all alerts of the area for each, whose scope it takes for selective.
const TALLY = `
WITH asked AS MATERIALIZED (
  SELECT DISTINCT origin FROM unnest($1::bigint[]) AS o (origin)
), answers AS MATERIALIZED (
  SELECT asked.origin, t.alert_revision, t.answer_no, pair.household_id, pair.outcome
  FROM asked CROSS JOIN LATERAL (SELECT * FROM triage_answers WHERE origin = asked.origin OFFSET 0) AS t
    CROSS JOIN LATERAL unnest(t.household_ids, t.outcomes) AS pair (household_id, outcome)
), standing AS (
  SELECT DISTINCT ON (origin, household_id) * FROM answers WHERE outcome <> ${TriageOutcome.PARKED}
  ORDER BY origin, household_id, alert_revision DESC, answer_no DESC
), answered AS (
  SELECT origin, household_id, max(alert_revision) AS revision FROM answers GROUP BY 1, 2
), said AS MATERIALIZED (
  SELECT DISTINCT ON (origin, household_id) asked.origin, l.household_id, l.revision
  FROM asked CROSS JOIN LATERAL (
    SELECT household_id, revision FROM finding_alert_log WHERE origin = asked.origin
    UNION ALL SELECT household_id, revision FROM joint_alert_log WHERE origin = asked.origin OFFSET 0) AS l
  ORDER BY origin, household_id, revision DESC
), last AS MATERIALIZED (
  SELECT said.*, a.slice_no, a.state, a.severity FROM said CROSS JOIN LATERAL (
    SELECT slice_no, state, severity FROM alerts
    WHERE origin = said.origin AND household_id = said.household_id AND revision = said.revision OFFSET 0) AS a
), open AS (
  SELECT l.origin, l.household_id FROM last l LEFT JOIN answered r USING (origin, household_id)
    CROSS JOIN LATERAL (SELECT state, published_at FROM slices WHERE slice_no = l.slice_no OFFSET 0) AS s
  WHERE s.state = 'published' AND s.published_at <= clock_timestamp() - make_interval(secs => $2)
    AND (r.revision IS NULL OR r.revision < l.revision)
), strange AS (
  SELECT s.household_id FROM standing s LEFT JOIN last l USING (origin, household_id) WHERE l.household_id IS NULL
), ${notedChecks('origin = ANY($1::bigint[])')}
SELECT (SELECT count(*)::int FROM standing) AS households,
  coalesce((SELECT md5(string_agg(concat_ws(':', origin, household_id, alert_revision,
    CASE WHEN outcome > ${TriageOutcome.PARKED} THEN 1 ELSE 0 END), ',' ORDER BY origin, household_id)) FROM standing), '') AS hash,
  coalesce((SELECT array_agg(household_id ORDER BY household_id) FROM open), '{}') AS unanswered,
  coalesce((SELECT array_agg(DISTINCT origin) FROM open), '{}') AS "unansweredOrigins",
  coalesce((SELECT array_agg(household_id ORDER BY household_id) FROM strange), '{}') AS strangers,
  (SELECT count(*)::int FROM checked) AS checks,
  coalesce((SELECT md5(string_agg(concat_ws(':', origin, household_id, up_to), ',' ORDER BY origin, household_id)) FROM checked), '')
    AS "checksHash"`;

export interface GroupTally extends Omit<Tally, 'origin' | 'township'> {
  readonly unansweredOrigins: readonly number[];
}

/** Of a group of origins, as the contract has it (AnswerTally.origins). `quietSeconds`: what was published later is not missed yet. */
export async function groupTallyOf(tx: Tx, origins: readonly number[], quietSeconds: number): Promise<GroupTally> {
  const [tally] = await tx.query<GroupTally & Record<string, unknown>>(TALLY, [arrayLiteral(origins), quietSeconds]);
  if (tally === undefined) throw new Error('a tally is always one row');
  return tally;
}
