/**
 * Which alerts count for early warning: of each shock and household the last one, where it is raised, not too old, the case that
 * it opened or was attached to not ended, no check without risk behind it, and the household still active and living in the area. Where a household lives is
 * what the exposure says, so that one which moved counts in one place only, and there with what it was alerted about before: of those who have moved
 * alerts are read by household, whatever their place, for which the transaction is to see the cell.
 *
 * A risk arose when its shock was last said of the household, or when a finding or a later look raised the alert or raised it higher. A
 * look that changes the figures alone, or a policy applied backwards, makes no risk new: it counts from when it arose, and where only a policy
 * applied backwards has ever raised it, from the day of the shock or of the finding. A case that has ended answers it until it arises again or is worse.
 */
import type { Cause } from '@fangpin/contracts';
import { RAISED } from '../fan-out/alert-rows.js';

/** Few alerts are answered by a check or an ended case: they are found without the others (index episode_alerts_answered). */
const ANSWERED = '(checked_up_to IS NOT NULL OR closed_revision IS NOT NULL)';

const UNANSWERED = `NOT EXISTS (
      SELECT FROM answered e
      WHERE e.household_id = l.household_id AND e.origin = l.origin AND (e.checked_up_to >= l.severity OR e.closed_revision >= l.risen_revision))`;

/**
 * `WITH` part that ends with the rows `risk`, of households that live in the area; $1 and $2 are the range of duty codes, $3 the moment before which nothing counts. `among`: the
 * parameter that names the households to look at, where not all of the area are meant. `answeredToo`: also what a check or a case has answered.
 */
export function atRiskSql(
  householdsTable: string,
  { among, answeredToo = false }: { readonly among?: `$${number}` | undefined; readonly answeredToo?: boolean } = {},
): string {
  const these = among === undefined ? '' : ` AND h.household_id = ANY(${among}::bigint[])`;
  const here = `h.duty_code >= $1 AND h.duty_code < $2${these}`;
  // OFFSET 0: by the index, household after household, and not as a join of sets.
  const atTheirPlace =
    among === undefined
      ? 'alerts a WHERE a.duty_code >= $1 AND a.duty_code < $2'
      : `${householdsTable} h CROSS JOIN LATERAL (
    SELECT * FROM alerts WHERE duty_code = h.duty_code AND household_id = h.household_id OFFSET 0) AS a WHERE ${here}`;
  // What all shocks of the years have raised there is not sorted for the few that are new enough.
  return `recent AS (
  SELECT DISTINCT coalesce(s.origin, one) AS origin FROM slices s LEFT JOIN LATERAL unnest(s.origins) AS one ON true
  WHERE s.stored_at >= $3::timestamptz AND s.direction <> 'joint'
), moved AS MATERIALIZED (
  SELECT h.household_id, h.duty_code FROM moved_households m JOIN ${householdsTable} h ON h.household_id = m.household_id WHERE ${here}
), of_moved AS MATERIALIZED (
  SELECT m.household_id, alerted.origin FROM moved m CROSS JOIN LATERAL (
    SELECT origin FROM episode_alerts WHERE household_id = m.household_id
    UNION SELECT origin FROM alerts WHERE duty_code = m.duty_code AND household_id = m.household_id OFFSET 0) AS alerted
), answered AS MATERIALIZED (
  SELECT household_id, origin, checked_up_to, closed_revision FROM episode_alerts WHERE duty_code >= $1 AND duty_code < $2 AND ${ANSWERED}
  UNION ALL
  SELECT m.household_id, e.origin, e.checked_up_to, e.closed_revision FROM moved m CROSS JOIN LATERAL (
    SELECT * FROM episode_alerts WHERE household_id = m.household_id OFFSET 0) AS e WHERE ${ANSWERED}
), of_area AS (
  SELECT a.* FROM ${atTheirPlace} AND NOT EXISTS (SELECT FROM moved m WHERE m.household_id = a.household_id)
  UNION ALL
  SELECT a.* FROM of_moved m CROSS JOIN LATERAL (
    SELECT * FROM alerts WHERE origin = m.origin AND household_id = m.household_id OFFSET 0) AS a
), revisions AS (
  SELECT a.origin, a.household_id, a.revision, a.state, a.severity, a.inputs, s.stored_at, s.direction, s.applied_backwards,
    s.direction = 'raise' AND f.applied_backwards IS NOT TRUE AND a.state = ${RAISED} AS said,
    a.state = ${RAISED} AND (lag(a.state) OVER w IS DISTINCT FROM ${RAISED} OR a.severity > lag(a.severity) OVER w) AS risen,
    lead(a.revision) OVER w IS NULL AS is_last
  FROM of_area a JOIN recent ON recent.origin = a.origin JOIN slices s ON s.slice_no = a.slice_no
    LEFT JOIN fan_outs f ON f.origin = a.origin AND f.shock_revision = s.shock_revision
  WINDOW w AS (PARTITION BY a.origin, a.household_id ORDER BY a.revision)
), last AS (
  SELECT origin, household_id, max(state) FILTER (WHERE is_last) AS state, max(severity) FILTER (WHERE is_last) AS severity,
    max(inputs) FILTER (WHERE is_last) AS inputs, max(revision) FILTER (WHERE said OR risen) AS risen_revision,
    max(stored_at) FILTER (WHERE said OR (risen AND direction <> 'raise' AND NOT applied_backwards)) AS said_at
  FROM revisions GROUP BY origin, household_id
), risk AS (
  SELECT l.origin, l.household_id, l.severity, l.inputs, arose.at AS arose_at, h.duty_code / 1000 * 1000 AS village, h.water_scheme
  FROM last l JOIN ${householdsTable} h ON h.household_id = l.household_id AND h.active AND ${here}
    CROSS JOIN LATERAL (SELECT coalesce(l.said_at, (
      SELECT coalesce(
          (SELECT min(f.judged_on) FROM fan_outs f WHERE f.origin = l.origin),
          (SELECT f.occurred_on FROM origins o JOIN findings f ON f.finding_id = o.finding_id WHERE o.origin = l.origin)
        )::timestamp AT TIME ZONE 'Asia/Shanghai')) AS at) AS arose
  WHERE l.state = ${RAISED} AND arose.at >= $3::timestamptz${answeredToo ? '' : ` AND ${UNANSWERED}`}
)`;
}

/** Codes of `inputs` from here on are no livelihood: market goods, and the house and the water of the household. */
const FIRST_NO_LIVELIHOOD = 300;

/**
 * Causes that take crops or jobs of an area alike: one risk of the area, and none of each crop that grows there. They are a product's where
 * the shock names it (docs/adr/0078-when-an-early-warning-eases-and-ends.md).
 */
export const ALIKE_CAUSES: readonly Cause[] = ['crop-disaster', 'job-loss'];

/** `WITH` part after {@link atRiskSql}: origins of such causes; `named`, with the columns origin and product, is to stand before it. */
export const alikeSql = `alike AS (
  SELECT origin FROM recent JOIN origins USING (origin) WHERE cause IN (${ALIKE_CAUSES.map((cause) => `'${cause}'`).join(', ')})
)`;

/** Condition on a row of `risk`: its shock touches one product, or the origin names some. */
const OF_SOME_PRODUCT = '(origin NOT IN (SELECT origin FROM alike) OR origin IN (SELECT origin FROM named))';

/** Livelihoods (crops, animals, branches of work) that the shock touched and that it concerns, of a row of `risk`: every third of the inputs, each once. */
export const PRODUCTS_OF_ROW = `(SELECT DISTINCT risk.inputs[i] AS product
  FROM generate_series(1, cardinality(risk.inputs) - 2, 3) AS i WHERE risk.inputs[i] < ${FIRST_NO_LIVELIHOOD}
    AND (risk.origin NOT IN (SELECT origin FROM alike) OR (risk.origin, risk.inputs[i]) IN (SELECT origin, product FROM named)))`;

/** The same of all rows of `risk` that `arose`, for counting: a product that is there twice comes twice. No subquery per row, which would cost more than all else. */
export const productsOf = (arose: string): string => `(SELECT household_id, village, arose_at, product FROM (
    SELECT origin, household_id, village, arose_at, inputs[generate_series(1, cardinality(inputs) - 2, 3)] AS product
    FROM risk WHERE ${arose} AND ${OF_SOME_PRODUCT}) AS touched
  WHERE product < ${FIRST_NO_LIVELIHOOD}
    AND (origin NOT IN (SELECT origin FROM alike) OR (origin, product) IN (SELECT origin, product FROM named)))`;

/** Condition on a row of `risk`: its shock has cut the water, and the register says from which scheme the household drinks. */
export const OF_KNOWN_SCHEME = `risk.water_scheme ~ '^[A-Za-z0-9-]{1,32}$'
  AND risk.origin IN (SELECT origin FROM origins WHERE cause = 'water')`;
