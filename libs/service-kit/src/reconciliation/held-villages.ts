/** What an owner of the exposure holds, village by village, in the lines that risk-alerts compares (contracts: alerts/v1 VillageTallies). */
import { lineHashSql, withinAreasSql, type VillageTally } from '@fangpin/contracts';
import type { Tx } from '@fangpin/persistence';

export interface TownshipVillageTally extends VillageTally {
  readonly township: number;
}

export interface HeldLine {
  readonly id: number;
  readonly village: number;
  readonly hash: number;
  /** Changed within the quiet time. */
  readonly recent: boolean;
}

/** SQL over `households h` and what is joined to it household by household. */
export interface HeldLinesSql {
  /** The line of a row, as text. */
  readonly line: string;
  /** What stands behind `FROM households h`. Read by household, so that the time goes with what is asked about. */
  readonly parts: string;
  /** When the row last changed. */
  readonly changedAt: string;
}

/** Duty codes of an area. */
const TOWNSHIP = 1_000_000;
const VILLAGE = 1_000;

export class HeldVillages {
  constructor(private readonly sql: HeldLinesSql) {}

  /** All villages of some townships, in one query. */
  tallies(tx: Tx, townships: readonly number[]): Promise<TownshipVillageTally[]> {
    const { line, parts } = this.sql;
    return tx.query<TownshipVillageTally & Record<string, unknown>>(
      // OFFSET 0: hashed first, then sorted, not with all their texts.
      `SELECT village / 1000 AS township, village, count(*)::int AS households, bit_xor(hash) AS digest FROM (
         SELECT h.duty_code / 1000 AS village, ${lineHashSql(line)} AS hash
         FROM households h ${parts} WHERE ${withinAreasSql('h.duty_code', '$1', TOWNSHIP)} OFFSET 0) AS rows
       GROUP BY village`,
      [townships],
    );
  }

  /** All lines of some villages, in order of household. */
  lines(tx: Tx, villages: readonly number[], quietSeconds: number): Promise<HeldLine[]> {
    const { line, parts, changedAt } = this.sql;
    return tx.query<HeldLine & Record<string, unknown>>(
      `SELECT h.household_id AS id, h.duty_code / 1000 AS village, ${lineHashSql(line)} AS hash,
         ${changedAt} > clock_timestamp() - make_interval(secs => $2) AS recent
       FROM households h ${parts} WHERE ${withinAreasSql('h.duty_code', '$1', VILLAGE)}
       ORDER BY h.household_id`,
      [villages, quietSeconds],
    );
  }

  /** Townships with households. */
  async townships(tx: Tx): Promise<number[]> {
    const rows = await tx.query<{ township: number }>(
      'SELECT DISTINCT duty_code / 1000000 AS township FROM households ORDER BY 1',
    );
    return rows.map(({ township }) => township);
  }
}
