/** What the exposure holds, in the lines that the owners compare (contracts: alerts/v1 VillageTallies). */
import { lineHashSql, withinAreasSql, type VillageTally } from '@fangpin/contracts';
import type { Tx } from '@fangpin/persistence';
import type { ExposureTables } from '../../exposure/exposure-sets.js';
import { TOWNSHIP_SPAN } from '../../fan-out/township.js';
import type { Subject } from './subjects.js';

export interface TownshipVillageTally extends VillageTally {
  readonly township: number;
  /** Households: active without an assessment. Assessments: of households without a profile. */
  readonly withoutOther: number;
}

export interface Difference {
  readonly id: number;
  /** `missing`: only the owner has it. `different`: both, and not the same. `stranger`: only the exposure has it. */
  readonly kind: 'missing' | 'different' | 'stranger';
}

interface SubjectSql {
  readonly revision: string;
  readonly hash: string;
  readonly parts: (tables: ExposureTables) => string;
  readonly withoutOther: string;
}

const VILLAGE_SPAN = 1_000;

/** No line has this hash: a row that contradicts itself agrees with nobody. */
const TORN = -1;

const TEXTS = ['per_capita_fen', 'wage_fen', 'spending_fen'].map((column) => `coalesce(e.${column}::text, '')`);

const SQL: Readonly<Record<Subject, SubjectSql>> = {
  households: {
    revision: 'profile_revision',
    // Livelihoods stand in two places (for streaming and for planning), which must say the same.
    hash: `CASE WHEN array_to_string(e.livelihoods, ',') = l.flat AND array_to_string(e.employers, ',') = l.employers
      AND l.at_home THEN ${lineHashSql(`concat_ws(':', e.household_id, e.profile_revision, e.duty_code, e.active::int,
        e.persons, e.labourers, e.severely_disabled, e.household_group, e.monitoring, e.dwelling, e.only_dwelling::int,
        e.water_scheme, l.lines, to_char(e.monitoring_since, 'YYYY-MM-DD'))`)} ELSE ${TORN} END`,
    parts: ({ livelihoods }) => `CROSS JOIN LATERAL (
      SELECT coalesce(string_agg(concat_ws(',', product, quantity, place_code, coalesce(employer, '')), ';' ORDER BY line), '') AS lines,
        coalesce(string_agg(concat_ws(',', product, quantity, place_code), ',' ORDER BY line), '') AS flat,
        CASE WHEN count(employer) = 0 THEN '' ELSE string_agg(coalesce(employer, ''), ',' ORDER BY line) END AS employers,
        coalesce(bool_and(duty_code = e.duty_code), true) AS at_home
      FROM ${livelihoods} WHERE household_id = e.household_id) l`,
    withoutOther: 'e.active AND e.income_revision = 0',
  },
  assessments: {
    revision: 'income_revision',
    hash: lineHashSql(`concat_ws(':', e.household_id, e.income_revision, ${TEXTS.join(', ')})`),
    parts: () => '',
    withoutOther: 'e.profile_revision = 0',
  },
};

/** All villages of some townships, in one query. */
export function villageTallies(
  tx: Tx,
  tables: ExposureTables,
  subject: Subject,
  townships: readonly number[],
): Promise<TownshipVillageTally[]> {
  const { revision, hash, parts, withoutOther } = SQL[subject];
  return tx.query<TownshipVillageTally & Record<string, unknown>>(
    // OFFSET 0: hashed first, then sorted, not with all their texts.
    `SELECT village / 1000 AS township, village, count(*)::int AS households, bit_xor(hash) AS digest,
       count(*) FILTER (WHERE without_other)::int AS "withoutOther"
     FROM (SELECT e.duty_code / ${VILLAGE_SPAN} AS village, ${hash} AS hash, ${withoutOther} AS without_other
       FROM ${tables.households} e ${parts(tables)}
       WHERE e.${revision} > 0 AND ${withinAreasSql('e.duty_code', '$1', TOWNSHIP_SPAN)} OFFSET 0) AS rows
     GROUP BY village ORDER BY village`,
    [townships],
  );
}

/** Where the exposure and what an owner holds in some villages are not the same, in order of id. */
export function differences(
  tx: Tx,
  tables: ExposureTables,
  subject: Subject,
  theirs: { readonly villages: readonly number[]; readonly ids: readonly number[]; readonly hashes: readonly number[] },
): Promise<Difference[]> {
  const { revision, hash, parts } = SQL[subject];
  return tx.query<Difference & Record<string, unknown>>(
    `WITH theirs AS MATERIALIZED (SELECT * FROM unnest($2::bigint[], $3::bigint[]) AS t (id, hash)),
     named AS MATERIALIZED (
       SELECT e.household_id AS id FROM ${tables.households} e WHERE ${withinAreasSql('e.duty_code', '$1', VILLAGE_SPAN)}
       UNION SELECT id FROM theirs),
     ours AS MATERIALIZED (
       SELECT e.household_id AS id, ${hash} AS hash FROM ${tables.households} e ${parts(tables)}
       WHERE e.household_id = ANY(ARRAY(SELECT id FROM named)) AND e.${revision} > 0)
     SELECT coalesce(t.id, o.id) AS id,
       CASE WHEN o.id IS NULL THEN 'missing' WHEN t.id IS NULL THEN 'stranger' ELSE 'different' END AS kind
     FROM theirs t FULL JOIN ours o ON t.id = o.id WHERE t.hash IS DISTINCT FROM o.hash ORDER BY 1`,
    [theirs.villages, theirs.ids, theirs.hashes],
  );
}

/**
 * Lets go of what is held of some households: any revision of the owner's replaces it when it is said again, also one that is
 * not higher. What is held goes on being read until then.
 */
export function letGo(tx: Tx, tables: ExposureTables, subject: Subject, ids: readonly number[]): Promise<number> {
  const { revision } = SQL[subject];
  // Below every revision (they begin with their epoch), above those that were never heard of.
  return tx.execute(`UPDATE ${tables.households} SET ${revision} = 1 WHERE household_id = ANY($1::bigint[])`, [ids]);
}
