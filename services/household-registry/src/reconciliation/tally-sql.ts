/** What the register holds, in the lines that risk-alerts compares (contracts: alerts/v1 VillageTallies). */
import { lineHashSql, withinAreasSql, type VillageTally } from '@fangpin/contracts';
import type { Tx } from '@fangpin/persistence';

export interface TownshipVillageTally extends VillageTally {
  readonly township: number;
}

export interface HouseholdHash {
  readonly id: number;
  readonly village: number;
  readonly hash: number;
  /** Changed within the quiet time. */
  readonly recent: boolean;
}

/** Duty codes of an area. */
const TOWNSHIP = 1_000_000;
const VILLAGE = 1_000;

const LINE = `concat_ws(':', h.household_id, h.revision, h.duty_code, (h.state = 1 AND m.persons > 0)::int, m.persons, m.labourers,
  m.disabled, h.household_group, h.monitoring, h.dwelling, h.only_dwelling::int, h.water_scheme,
  CASE WHEN h.state = 1 AND m.persons > 0 THEN coalesce(l.livelihoods, '') ELSE '' END)`;

// Counts as compositionOf in household-profile.ts; a spec holds the two together. Parts are read by household, so that the
// time goes with what is asked about and not with the whole register.
const PARTS = `
  CROSS JOIN LATERAL (
    SELECT count(*)::int AS persons, count(*) FILTER (WHERE labour IN (1, 2, 3))::int AS labourers,
           count(*) FILTER (WHERE disability_grade IN (1, 2))::int AS disabled
      FROM household_members WHERE household_id = h.household_id) m
  CROSS JOIN LATERAL (
    SELECT string_agg(concat_ws(',', product, quantity, place_code, coalesce(employer, '')), ';' ORDER BY livelihood_no) AS livelihoods
      FROM livelihoods WHERE household_id = h.household_id) l`;

/** All villages of some townships, in one query. */
export function villageTallies(tx: Tx, townships: readonly number[]): Promise<TownshipVillageTally[]> {
  return tx.query<TownshipVillageTally & Record<string, unknown>>(
    // OFFSET 0: hashed first, then sorted, not with all their texts.
    `SELECT village / 1000 AS township, village, count(*)::int AS households, bit_xor(hash) AS digest FROM (
       SELECT h.duty_code / 1000 AS village, ${lineHashSql(LINE)} AS hash
       FROM households h ${PARTS} WHERE ${withinAreasSql('h.duty_code', '$1', TOWNSHIP)} OFFSET 0) AS rows
     GROUP BY village`,
    [townships],
  );
}

/** All households of some villages, in order of id. */
export function householdsOfVillages(
  tx: Tx,
  villages: readonly number[],
  quietSeconds: number,
): Promise<HouseholdHash[]> {
  return tx.query<HouseholdHash & Record<string, unknown>>(
    `SELECT h.household_id AS id, h.duty_code / 1000 AS village, ${lineHashSql(LINE)} AS hash,
       h.updated_at > clock_timestamp() - make_interval(secs => $2) AS recent
     FROM households h ${PARTS} WHERE ${withinAreasSql('h.duty_code', '$1', VILLAGE)}
     ORDER BY h.household_id`,
    [villages, quietSeconds],
  );
}

/** Townships with households. */
export async function townshipsHeld(tx: Tx): Promise<number[]> {
  const rows = await tx.query<{ township: number }>(
    'SELECT DISTINCT duty_code / 1000000 AS township FROM households ORDER BY 1',
  );
  return rows.map(({ township }) => township);
}
