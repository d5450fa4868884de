/** Counts households at risk in a county by rule, subject and village, set by set. */
import { arrayLiteral, joiningSets, type Tx } from '@fangpin/persistence';
import type { RegionalWarning } from '@fangpin/policy';
import { liveExposure } from '../exposure/exposure-sets.js';
import { alikeSql, atRiskSql, OF_KNOWN_SCHEME, productsOf } from './at-risk-sql.js';
import { namedSince } from './named-by-shocks.js';
import type { WarningRule } from './regional-alert.js';

export interface CountyCounts {
  /** Active households by village (its first duty code). */
  readonly active: ReadonlyMap<number, number>;
  /** Households at risk by `rule/subject`, then by village. */
  readonly atRisk: ReadonlyMap<string, Map<number, number>>;
}

interface CountRow {
  rule: WarningRule;
  subject: string;
  village: number;
  households: number;
  [column: string]: unknown;
}

const DAY_MS = 86_400_000;

export const subjectKey = (rule: WarningRule, subject: string): string => `${rule}/${subject}`;

/** `rules`: as they hold in the county, for the windows of time; a rule without a record counts nothing. */
export async function countAtRisk(
  tx: Tx,
  range: { readonly lo: number; readonly hi: number },
  rules: ReadonlyMap<WarningRule, RegionalWarning>,
  now: Date,
): Promise<CountyCounts> {
  const tables = await liveExposure(tx, 'read');
  const active = await tx.query<{ village: number; households: number }>(
    `SELECT duty_code / 1000 * 1000 AS village, count(*)::int AS households FROM ${tables.households}
     WHERE active AND duty_code >= $1 AND duty_code < $2 GROUP BY 1`,
    [range.lo, range.hi],
  );
  const since = (rule: WarningRule): Date => new Date(now.getTime() - (rules.get(rule)?.withinDays ?? 0) * DAY_MS);
  const oldest = new Date(Math.min(...[...rules.keys()].map((rule) => since(rule).getTime()), now.getTime()));
  const { employers, products } = await namedSince(tx, oldest);
  const rows = await joiningSets(tx, () =>
    tx.query<CountRow>(
      `WITH ${atRiskSql(tables.households)}, employers AS (
       SELECT * FROM unnest($4::bigint[], $5::text[]) AS e (origin, subject)
     ), named AS (
       SELECT * FROM unnest($12::bigint[], $13::bigint[]) AS n (origin, product)
     ), ${alikeSql}, single AS (
       SELECT origin, village FROM risk WHERE arose_at >= $6::timestamptz
       GROUP BY origin, village HAVING $7 = 0 OR count(*) <= $7
     )
     SELECT 'share' AS rule, '' AS subject, village, count(DISTINCT household_id)::int AS households
     FROM risk WHERE arose_at >= $8::timestamptz GROUP BY village
     UNION ALL
     SELECT 'cluster', '', village, count(DISTINCT household_id)::int
     FROM risk JOIN single USING (origin, village) WHERE arose_at >= $6::timestamptz GROUP BY village
     UNION ALL
     SELECT 'product', product::text, village, count(DISTINCT household_id)::int
     FROM ${productsOf('arose_at >= $9::timestamptz')} AS touched GROUP BY product, village
     UNION ALL
     SELECT 'employer', subject, village, count(DISTINCT household_id)::int
     FROM risk JOIN employers USING (origin) WHERE arose_at >= $10::timestamptz GROUP BY subject, village
     UNION ALL
     SELECT 'scheme', water_scheme, village, count(DISTINCT household_id)::int
     FROM risk WHERE ${OF_KNOWN_SCHEME} AND arose_at >= $11::timestamptz GROUP BY water_scheme, village`,
      [
        range.lo,
        range.hi,
        oldest,
        arrayLiteral(employers.map(({ origin }) => origin)),
        employers.map(({ employer }) => employer),
        since('cluster'),
        rules.get('cluster')?.atMostPerShock ?? 0,
        since('share'),
        since('product'),
        since('employer'),
        since('scheme'),
        arrayLiteral(products.map(({ origin }) => origin)),
        arrayLiteral(products.map(({ product }) => product)),
      ],
    ),
  );
  const atRisk = new Map<string, Map<number, number>>();
  for (const { rule, subject, village, households } of rows) {
    if (!rules.has(rule)) continue;
    const key = subjectKey(rule, subject);
    const byVillage = atRisk.get(key) ?? new Map<number, number>();
    atRisk.set(key, byVillage.set(village, households));
  }
  return { active: new Map(active.map((row) => [row.village, row.households])), atRisk };
}
