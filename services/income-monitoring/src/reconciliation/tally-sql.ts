/** The figures in force, in the lines that risk-alerts compares (contracts: alerts/v1 VillageTallies). */
import { lineHashSql, withinAreasSql, type VillageTally } from '@fangpin/contracts';
import type { Tx } from '@fangpin/persistence';
import type { AssessmentRow } from '../assessments/assessment-row.js';

export interface TownshipVillageTally extends VillageTally {
  readonly township: number;
}

export interface AssessmentHash {
  readonly id: number;
  readonly village: number;
  readonly hash: number;
  /** Assessed within the quiet time. */
  readonly recent: boolean;
}

/** Duty codes of an area. */
const TOWNSHIP = 1_000_000;
const VILLAGE = 1_000;

const LINE = `concat_ws(':', a.household_id, a.revision, CASE WHEN a.closed THEN '::' ELSE concat_ws(':', a.per_capita_fen,
  a.wage_fen, greatest(0, a.out_of_pocket_fen - a.insurance_payout_fen)) END)`;

// The last revision of each household that is known here, by its place: a figure follows its household when that moves.
const LAST = `
  CROSS JOIN LATERAL (SELECT * FROM assessments WHERE household_id = h.household_id ORDER BY revision DESC LIMIT 1) a`;

/** All villages of some townships, in one query. */
export function villageTallies(tx: Tx, townships: readonly number[]): Promise<TownshipVillageTally[]> {
  return tx.query<TownshipVillageTally & Record<string, unknown>>(
    // OFFSET 0: hashed first, then sorted, not with all their texts.
    `SELECT village / 1000 AS township, village, count(*)::int AS households, bit_xor(hash) AS digest FROM (
       SELECT h.duty_code / 1000 AS village, ${lineHashSql(LINE)} AS hash
       FROM households h ${LAST} WHERE ${withinAreasSql('h.duty_code', '$1', TOWNSHIP)} OFFSET 0) AS rows
     GROUP BY village`,
    [townships],
  );
}

/** All assessed households of some villages, in order of id. */
export function assessmentsOfVillages(
  tx: Tx,
  villages: readonly number[],
  quietSeconds: number,
): Promise<AssessmentHash[]> {
  return tx.query<AssessmentHash & Record<string, unknown>>(
    `SELECT h.household_id AS id, h.duty_code / 1000 AS village, ${lineHashSql(LINE)} AS hash,
       a.assessed_at > clock_timestamp() - make_interval(secs => $2) AS recent
     FROM households h ${LAST} WHERE ${withinAreasSql('h.duty_code', '$1', VILLAGE)}
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

/** The figures in force of some households, in order of id. */
export function assessmentsOf(tx: Tx, ids: readonly number[]): Promise<AssessmentRow[]> {
  return tx.query<AssessmentRow & Record<string, unknown>>(
    `SELECT a.* FROM households h ${LAST} WHERE h.household_id = ANY($1::bigint[]) ORDER BY h.household_id`,
    [ids],
  );
}
