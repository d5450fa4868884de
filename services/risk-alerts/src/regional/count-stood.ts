/** Counts what warnings stand on that have been taken back meanwhile, or have not: only of those that would not open by now. */
import { arrayLiteral, joiningSets, type Tx } from '@fangpin/persistence';
import type { RegionalWarning } from '@fangpin/policy';
import { liveExposure } from '../exposure/exposure-sets.js';
import { rangeOf } from './areas.js';
import { alikeSql, atRiskSql, OF_KNOWN_SCHEME, productsOf } from './at-risk-sql.js';
import { namedSince } from './named-by-shocks.js';
import { warningId, type RegionalAlert, type WarningRule } from './regional-alert.js';

const DAY_MS = 86_400_000;

/** Households with alerts that are raised, by rule, subject and village; with the `WITH` parts of {@link countStood}. */
const ROWS: Readonly<Record<WarningRule, string>> = {
  share: `SELECT '' AS subject, household_id, village, arose_at FROM risk`,
  cluster: `SELECT '', household_id, village, arose_at FROM risk WHERE (origin, village) IN (
    SELECT origin, village FROM risk GROUP BY origin, village HAVING $6 = 0 OR count(*) <= $6)`,
  product: `SELECT product::text, household_id, village, arose_at FROM ${productsOf('true')} AS touched`,
  employer: `SELECT employer, household_id, village, arose_at FROM risk JOIN employers USING (origin)`,
  scheme: `SELECT water_scheme, household_id, village, arose_at FROM risk WHERE ${OF_KNOWN_SCHEME}`,
};

/**
 * By id of the warnings given: the distinct households of the area with an alert by rule and subject that counted at some time since the warning
 * opened and is raised to this day, whatever has become of it: answered by a check or a case, or too old to count by now. The rest was taken back.
 */
export async function countStood(
  tx: Tx,
  warnings: readonly RegionalAlert[],
  rules: ReadonlyMap<WarningRule, RegionalWarning>,
  { lo, hi }: { readonly lo: number; readonly hi: number },
): Promise<Map<string, number>> {
  if (warnings.length === 0) return new Map();
  const since = warnings.map(
    ({ rule, standing }) => new Date(standing.openedMs - (rules.get(rule)?.withinDays ?? 0) * DAY_MS),
  );
  const oldest = new Date(Math.min(...since.map((one) => one.getTime())));
  const { households } = await liveExposure(tx, 'read');
  const { employers, products } = await namedSince(tx, oldest);
  const branches = [...new Set(warnings.map(({ rule }) => rule))].map(
    (rule) =>
      `SELECT '${rule}' AS rule, rows.* FROM (${ROWS[rule]}) AS rows (subject, household_id, village, arose_at)`,
  );
  const rows = await joiningSets(tx, () =>
    tx.query<{ at: number; households: number }>(
      `WITH ${atRiskSql(households, { answeredToo: true })}, employers AS (
         SELECT * FROM unnest($4::bigint[], $5::text[]) AS e (origin, employer)
       ), named AS (
         SELECT * FROM unnest($7::bigint[], $8::bigint[]) AS n (origin, product)
       ), ${alikeSql}, counted AS (${branches.join(' UNION ALL ')}), warning AS (
         SELECT * FROM unnest($9::text[], $10::text[], $11::bigint[], $12::bigint[], $13::timestamptz[])
           WITH ORDINALITY AS w (rule, subject, lo, hi, since, at)
       )
       SELECT w.at::int AS at, count(DISTINCT c.household_id)::int AS households
       FROM warning w JOIN counted c USING (rule, subject)
       WHERE c.village >= w.lo AND c.village < w.hi AND c.arose_at >= w.since AND $6::int IS NOT NULL GROUP BY w.at`,
      [
        ...[lo, hi, oldest],
        arrayLiteral(employers.map(({ origin }) => origin)),
        employers.map(({ employer }) => employer),
        rules.get('cluster')?.atMostPerShock ?? 0,
        arrayLiteral(products.map(({ origin }) => origin)),
        arrayLiteral(products.map(({ product }) => product)),
        warnings.map(({ rule }) => rule),
        warnings.map(({ subject }) => subject),
        arrayLiteral(warnings.map(({ area }) => rangeOf(area).lo)),
        arrayLiteral(warnings.map(({ area }) => rangeOf(area).hi)),
        since,
      ],
    ),
  );
  const found = new Map(rows.map((row) => [row.at, row.households]));
  return new Map(warnings.map((warning, i) => [warningId(warning), found.get(i + 1) ?? 0]));
}
