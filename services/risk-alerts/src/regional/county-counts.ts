/** What the looks at counties have counted: small rows, by which prefectures and provinces are judged without their households being read again. */
import type { DutyRange } from '@fangpin/domain-kit';
import { arrayLiteral, type Tx } from '@fangpin/persistence';
import type { RegionalWarning } from '@fangpin/policy';
import { liveExposure } from '../exposure/exposure-sets.js';
import { SPAN } from './areas.js';
import { countiesLivedIn } from './counties-lived-in.js';
import { subjectKey, type CountyCounts } from './count-at-risk.js';
import type { WarningRule } from './regional-alert.js';

/** The moment, in ms, at which counties that nobody has looked at are said to be counted. */
const NEVER_MS = 0;

export interface CountedCounty {
  /** Active households. */
  readonly of: number;
  readonly countedAt: Date;
}

/** Households at risk of one county by one rule and subject. */
export interface CountOfCounty {
  readonly county: number;
  readonly rule: WarningRule;
  readonly subject: string;
  readonly households: number;
  readonly withinDays: number;
}

/** Keeps what a look counted in place of what the one before did; `county` is its first duty code. */
export async function keepCounts(
  tx: Tx,
  county: number,
  { active, atRisk }: CountyCounts,
  rules: ReadonlyMap<WarningRule, RegionalWarning>,
  now: Date,
): Promise<void> {
  const rows = [...rules].flatMap(([rule, { withinDays }]) =>
    [...atRisk]
      .filter(([key]) => key.startsWith(subjectKey(rule, '')))
      .map(([key, byVillage]) => ({
        rule,
        subject: key.slice(rule.length + 1),
        withinDays,
        households: total(byVillage),
      })),
  );
  await tx.execute(
    `WITH counted AS (
       SELECT * FROM unnest($2::text[], $3::text[], $4::int[], $5::int[]) AS c (rule, subject, households, within_days)
     ), gone AS (
       DELETE FROM regional_counts r WHERE duty_code = $1
         AND NOT EXISTS (SELECT FROM counted c WHERE c.rule = r.rule AND c.subject = r.subject)
     )
     INSERT INTO regional_counts AS r (duty_code, rule, subject, households, within_days)
     SELECT $1, rule, subject, households, within_days FROM counted
     ON CONFLICT (duty_code, rule, subject) DO UPDATE SET households = excluded.households, within_days = excluded.within_days
     WHERE (r.households, r.within_days) IS DISTINCT FROM (excluded.households, excluded.within_days)`,
    [
      county,
      rows.map(({ rule }) => rule),
      rows.map(({ subject }) => subject),
      rows.map(({ households }) => households),
      rows.map(({ withinDays }) => withinDays),
    ],
  );
  await tx.execute(
    `INSERT INTO regional_counties (duty_code, active_households, counted_at) VALUES ($1, $2, $3)
     ON CONFLICT (duty_code) DO UPDATE SET active_households = excluded.active_households, counted_at = excluded.counted_at`,
    [county, total(active), now],
  );
}

/**
 * Notes the counties of the range at which nobody has looked yet, with their active households, and asks for the look: else the shares
 * of what is known would be of too few households, and a warning would open that is none. Those that are named by an earlier version's
 * warnings alone (migration 0052 dates them {@link NEVER_MS}) are such counties too.
 */
export async function noteCountiesNotLookedAt(tx: Tx, range: DutyRange, now: Date): Promise<void> {
  const known = await countedCounties(tx, range);
  const missing = (await countiesLivedIn(tx, range)).filter(
    (county) => (known.get(county)?.countedAt.getTime() ?? NEVER_MS) === NEVER_MS,
  );
  if (missing.length === 0) return;
  const { households } = await liveExposure(tx, 'read');
  await tx.execute(
    `WITH missing AS (SELECT county FROM unnest($1::bigint[]) AS m (county) ORDER BY county), asked AS (
       INSERT INTO regional_looks (area) SELECT county / ${SPAN.county} FROM missing
     )
     INSERT INTO regional_counties AS c (duty_code, active_households, counted_at)
     SELECT county, (SELECT count(*) FROM ${households} h
       WHERE h.active AND h.duty_code >= county AND h.duty_code < county + ${SPAN.county}), $2 FROM missing
     -- A look that has counted one meanwhile knows more.
     ON CONFLICT (duty_code) DO UPDATE SET active_households = excluded.active_households, counted_at = excluded.counted_at
     WHERE c.counted_at = 'epoch'`,
    [arrayLiteral(missing), now],
  );
}

/** Counties of the range that were counted, by their first duty code. */
export async function countedCounties(tx: Tx, { lo, hi }: DutyRange): Promise<Map<number, CountedCounty>> {
  const rows = await tx.query<{ duty_code: number; active_households: number; counted_at: Date }>(
    `SELECT duty_code, active_households, counted_at FROM regional_counties
     WHERE duty_code >= $1 AND duty_code < $2 ORDER BY duty_code`,
    [lo, hi],
  );
  return new Map(rows.map((row) => [row.duty_code, { of: row.active_households, countedAt: row.counted_at }]));
}

/** What was counted in the counties of the range, of all rules or of one and its subject. */
export async function countsWithin(
  tx: Tx,
  { lo, hi }: DutyRange,
  only?: { readonly rule: WarningRule; readonly subject: string },
): Promise<CountOfCounty[]> {
  const rows = await tx.query<{
    duty_code: number;
    rule: WarningRule;
    subject: string;
    households: number;
    within_days: number;
  }>(
    `SELECT duty_code, rule, subject, households, within_days FROM regional_counts
     WHERE duty_code >= $1 AND duty_code < $2${only === undefined ? '' : ' AND rule = $3 AND subject = $4'}
     ORDER BY duty_code, rule, subject`,
    only === undefined ? [lo, hi] : [lo, hi, only.rule, only.subject],
  );
  return rows.map((row) => ({
    county: row.duty_code,
    rule: row.rule,
    subject: row.subject,
    households: row.households,
    withinDays: row.within_days,
  }));
}

function total(byVillage: ReadonlyMap<number, number>): number {
  return [...byVillage.values()].reduce((sum, households) => sum + households, 0);
}
