/** What this service holds of answers, by origin and township, and where alerts and answers do not meet. */
import { TriageOutcome } from '@fangpin/contracts';
import { arrayLiteral, joiningSets, type Tx } from '@fangpin/persistence';
import { RAISED } from '../fan-out/alert-rows.js';
import { TOWNSHIP_SPAN } from '../fan-out/township.js';

export interface Tally {
  readonly origin: number;
  readonly township: number;
  readonly households: number;
  /** As the contract has it (AnswerTally.hash). */
  readonly hash: string;
  /** Households whose last alert was published and has no answer of its revision. */
  readonly unanswered: readonly number[];
  /** Households answered for that were never alerted here. */
  readonly strangers: readonly number[];
  /** How many alerts a check without risk is noted to answer for, and the hash over them as the contract has it (AnswerTally.checks_hash). */
  readonly checks: number;
  readonly checksHash: string;
}

/**
 * What is noted of checks: followed, or in the queue still. `of` picks the origins. What the last revision of an alert has overtaken
 * counts for nothing, though no episode has followed it yet.
 */
export const notedChecks = (of: string): string => `
noted AS (
  SELECT origin, household_id,
    CASE WHEN f.origin IS NULL OR q.revision >= coalesce(f.check_revision, 0) THEN q.answered_up_to ELSE f.checked_up_to END AS up_to
  FROM (SELECT origin, household_id, checked_up_to, check_revision FROM episode_alerts WHERE ${of} AND checked_up_to IS NOT NULL) AS f
    FULL JOIN (SELECT DISTINCT ON (origin, household_id) origin, household_id, revision, answered_up_to FROM episode_checks
      WHERE ${of} ORDER BY origin, household_id, revision DESC, queue_no DESC) AS q USING (origin, household_id)
), checked AS (
  SELECT s.*, n.up_to FROM noted n JOIN standing s USING (origin, household_id) JOIN last l USING (origin, household_id)
  WHERE n.up_to > 0 AND s.outcome = ${TriageOutcome.LISTED} AND l.state = ${RAISED} AND l.severity <= n.up_to
)`;

const TALLY = `
WITH answers AS (
  SELECT t.origin, t.duty_code / ${TOWNSHIP_SPAN} AS township, t.alert_revision, t.answer_no, pair.household_id, pair.outcome
  FROM triage_answers t, unnest(t.household_ids, t.outcomes) AS pair (household_id, outcome)
  WHERE t.origin = ANY($1::bigint[])
), standing AS (
  SELECT DISTINCT ON (origin, household_id) * FROM answers WHERE outcome <> ${TriageOutcome.PARKED}
  ORDER BY origin, household_id, alert_revision DESC, answer_no DESC
), answered AS (
  SELECT origin, household_id, max(alert_revision) AS revision FROM answers GROUP BY 1, 2
), last AS (
  SELECT DISTINCT ON (a.origin, a.household_id) a.origin, a.household_id, a.revision, a.slice_no, a.state, a.severity,
    a.duty_code / ${TOWNSHIP_SPAN} AS township
  FROM alerts a WHERE a.origin = ANY($1::bigint[]) ORDER BY a.origin, a.household_id, a.revision DESC
), open AS (
  SELECT l.origin, l.township, array_agg(l.household_id ORDER BY l.household_id) AS ids
  FROM last l JOIN slices s USING (slice_no)
    LEFT JOIN answered r ON r.origin = l.origin AND r.household_id = l.household_id
  WHERE s.state = 'published' AND s.published_at <= clock_timestamp() - make_interval(secs => $2)
    AND (r.revision IS NULL OR r.revision < l.revision)
  GROUP BY 1, 2
), strange AS (
  SELECT s.origin, s.township, array_agg(s.household_id ORDER BY s.household_id) AS ids
  FROM standing s LEFT JOIN last l USING (origin, household_id) WHERE l.household_id IS NULL GROUP BY 1, 2
), tally AS (
  SELECT origin, township, count(*)::int AS households, md5(string_agg(concat_ws(':', household_id, alert_revision,
    CASE WHEN outcome > ${TriageOutcome.PARKED} THEN 1 ELSE 0 END), ',' ORDER BY household_id)) AS hash
  FROM standing GROUP BY 1, 2
), ${notedChecks('origin = ANY($1::bigint[])')}, check_tally AS (
  SELECT origin, township, count(*)::int AS checks,
    md5(string_agg(concat_ws(':', household_id, up_to), ',' ORDER BY household_id)) AS checks_hash
  FROM checked GROUP BY 1, 2
)
SELECT origin, township, coalesce(tally.households, 0) AS households, coalesce(tally.hash, '') AS hash,
  coalesce(open.ids, '{}') AS unanswered, coalesce(strange.ids, '{}') AS strangers,
  coalesce(check_tally.checks, 0) AS checks, coalesce(check_tally.checks_hash, '') AS "checksHash"
FROM (SELECT origin, township FROM last UNION SELECT origin, township FROM standing
    UNION SELECT origin, unnest(townships) FROM slices WHERE origin = ANY($1::bigint[])) AS place
  LEFT JOIN tally USING (origin, township) LEFT JOIN open USING (origin, township) LEFT JOIN strange USING (origin, township)
  LEFT JOIN check_tally USING (origin, township)
WHERE township = ANY($3::bigint[])
ORDER BY origin, township`;

/**
 * Townships of some origins; also those in which somebody was judged and nobody alerted, of which nothing may be
 * held on the other side either. It reads all answers and alerts of the origins however few townships are asked for
 * (a household counts where its last answer has it): ask for many at once. `quietSeconds`: what was published later is not missed yet.
 */
export async function talliesOf(
  tx: Tx,
  origins: readonly number[],
  quietSeconds: number,
  townships: readonly number[],
): Promise<Tally[]> {
  await tx.execute(`SET LOCAL work_mem = '32MB'`);
  return joiningSets(tx, () =>
    tx.query<Tally & Record<string, unknown>>(TALLY, [origins, quietSeconds, arrayLiteral(townships)]),
  );
}

/** Households of a township (its first duty code) that were alerted under an origin, whatever became of it. */
export async function alertedIn(tx: Tx, origin: number, dutyCode: number): Promise<number[]> {
  const rows = await tx.query<{ id: number }>(
    `SELECT DISTINCT household_id AS id FROM alerts
     WHERE origin = $1 AND duty_code >= $2 AND duty_code < $2 + ${TOWNSHIP_SPAN} ORDER BY 1`,
    [origin, dutyCode],
  );
  return rows.map(({ id }) => id);
}

/**
 * Origins to compare: their last fan-out is settled, or all its slices were published a while ago and the ledger still does not
 * add up.
 */
export async function comparableOrigins(
  tx: Tx,
  { days, quietSeconds }: { readonly days: number; readonly quietSeconds: number },
): Promise<number[]> {
  const rows = await tx.query<{ origin: number }>(
    `SELECT f.origin FROM fan_outs f
     WHERE f.shock_revision = (SELECT max(shock_revision) FROM fan_outs WHERE origin = f.origin)
       AND f.state IN ('running', 'done', 'recalled') AND f.received_at > now() - make_interval(days => $1)
       AND NOT EXISTS (
         SELECT FROM slices s WHERE s.origin = f.origin AND (s.state IN ('waiting', 'claimed', 'stored')
           OR s.published_at > clock_timestamp() - make_interval(secs => $2)))
       AND EXISTS (SELECT FROM slices s WHERE s.origin = f.origin)
     ORDER BY f.origin`,
    [days, quietSeconds],
  );
  return rows.map(({ origin }) => origin);
}
