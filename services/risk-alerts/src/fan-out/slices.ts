/** Slices: some townships of a fan-out, computed, stored and published as one unit by whichever instance claims them. */
import type { AlertLane } from '@fangpin/contracts';
import { arrayLiteral, type Tx } from '@fangpin/persistence';
import type { Direction } from './fan-out.js';

export interface Slice {
  readonly sliceNo: number;
  readonly origin: number;
  readonly shockRevision: number;
  readonly direction: Direction;
  readonly townships: readonly number[];
  /** 1 on the first try. */
  readonly attempts: number;
  /** Of one that withdraws: its households are those above this id; from the first where absent … */
  readonly after?: number | undefined;
  /** … and up to this one; to the last where absent. */
  readonly upTo?: number | undefined;
}

export interface TownshipSize {
  readonly township: number;
  readonly households: number;
}

interface SliceRow {
  slice_no: number;
  origin: number;
  shock_revision: number;
  direction: Direction;
  townships: number[];
  attempts: number;
  household_after: number | null;
  household_up_to: number | null;
}

/** The last slices hold a third of what is left each, and no less than a quarter of the usual size. */
const SHARE_OF_REST = 3;
const SMALLEST_SHARE = 4;

/**
 * Groups townships in order into slices of about `target` households; a township is never split. Towards the end slices get
 * smaller: the next service takes in a slice when it is stored, and nobody waits at the end for a large one to be taken in.
 */
export function groupTownships(sizes: readonly TownshipSize[], target: number): number[][] {
  const groups: number[][] = [];
  let current: number[] = [];
  let filled = 0;
  let rest = sizes.reduce((sum, { households }) => sum + households, 0);
  for (const { township, households } of sizes) {
    const most = Math.max(target / SMALLEST_SHARE, Math.min(target, rest / SHARE_OF_REST));
    if (current.length > 0 && filled + households > most) {
      groups.push(current);
      rest -= filled;
      current = [];
      filled = 0;
    }
    current.push(township);
    filled += households;
  }
  if (current.length > 0) groups.push(current);
  return groups;
}

export async function insertSlices(
  tx: Tx,
  key: {
    readonly origin: number;
    readonly shockRevision: number;
    readonly direction: Direction;
    readonly lane: AlertLane;
  },
  groups: readonly (readonly number[])[],
): Promise<void> {
  await tx.execute(
    `INSERT INTO slices (origin, shock_revision, direction, townships, lane, state)
     SELECT $1, $2, $3, ARRAY(SELECT jsonb_array_elements_text(townships)::bigint), $4, 'waiting'
     FROM jsonb_array_elements($5::jsonb) WITH ORDINALITY AS slice (townships, n) ORDER BY n`,
    [key.origin, key.shockRevision, key.direction, key.lane, JSON.stringify(groups)],
  );
}

/** A slice of households that changed: made and stored in one transaction, so nobody has to claim it. */
export async function insertStoredRelook(
  tx: Tx,
  key: { readonly origin: number; readonly shockRevision: number; readonly lane: AlertLane },
  townships: readonly number[],
  householdIds: readonly number[],
): Promise<number> {
  const [row] = await tx.query<{ slice_no: number }>(
    `INSERT INTO slices (origin, shock_revision, direction, townships, state, alerted, stored_at, lane, household_ids)
     VALUES ($1, $2, 'relook', $3, 'stored', cardinality($4::bigint[]), now(), $5, $4) RETURNING slice_no`,
    [key.origin, key.shockRevision, townships, arrayLiteral(householdIds), key.lane],
  );
  return (row as { slice_no: number }).slice_no;
}

/**
 * Condition on rows of slices: one may be taken now. A withdrawal that waits for what is to be raised first passes by what has failed
 * there; its townships that it had to leave (give-back.ts) wait for all.
 */
export const CLAIMABLE = `((state = 'waiting' AND (lease_until IS NULL OR lease_until < clock_timestamp()))
  OR (state = 'claimed' AND lease_until < clock_timestamp())
  OR (state = 'waiting' AND lease_until = 'infinity' AND NOT EXISTS (
    SELECT FROM slices first WHERE first.origin = slices.origin AND first.shock_revision = slices.shock_revision
      AND first.direction = 'raise' AND first.state IN ('waiting', 'claimed')
      AND (first.state = 'claimed' OR first.last_error IS NULL OR slices.last_error IS NOT NULL))))`;

/**
 * Takes the next slice that waits, or whose holder let its lease run out (it was killed, or hangs). The lease is by the
 * database's clock, and renewed while the slice runs (slice-leases.ts). One of the bulk lane is taken only where no live one
 * waits; a live one that has failed and sits out its time holds up nobody.
 */
export async function claimSlice(
  tx: Tx,
  claimant: string,
  leaseSeconds: number,
  lane: AlertLane,
): Promise<Slice | undefined> {
  const [row] = await tx.query<SliceRow>(
    `UPDATE slices SET state = 'claimed', claimed_by = $1, attempts = attempts + 1,
       lease_until = clock_timestamp() + make_interval(secs => $2)
     WHERE slice_no = (
       SELECT slice_no FROM slices
       WHERE lane = $3 AND ${CLAIMABLE}
         AND ($3 = 'live' OR NOT EXISTS (SELECT FROM slices WHERE lane = 'live' AND ${CLAIMABLE}))
       ORDER BY slice_no LIMIT 1 FOR UPDATE SKIP LOCKED)
     RETURNING slice_no, origin, shock_revision, direction, townships, attempts, household_after, household_up_to`,
    [claimant, leaseSeconds, lane],
  );
  if (row === undefined) return undefined;
  return {
    sliceNo: row.slice_no,
    origin: row.origin,
    shockRevision: row.shock_revision,
    direction: row.direction,
    townships: row.townships,
    attempts: row.attempts,
    after: row.household_after ?? undefined,
    upTo: row.household_up_to ?? undefined,
  };
}

/**
 * Begins the lease of a slice anew while its holder works on it. False where it is no longer the holder's, or just being stored:
 * that transaction has the row, and waiting for it would renew nothing.
 */
export async function renewLease(tx: Tx, sliceNo: number, claimant: string, leaseSeconds: number): Promise<boolean> {
  const changed = await tx.execute(
    `UPDATE slices SET lease_until = clock_timestamp() + make_interval(secs => $3) WHERE slice_no = (
       SELECT slice_no FROM slices WHERE slice_no = $1 AND state = 'claimed' AND claimed_by = $2 FOR UPDATE SKIP LOCKED)`,
    [sliceNo, claimant, leaseSeconds],
  );
  return changed === 1;
}

/** Marks a slice as stored inside the transaction of its rows; refuses when another instance holds it by now. */
export async function markStored(tx: Tx, sliceNo: number, claimant: string, alerted: number): Promise<void> {
  const changed = await tx.execute(
    `UPDATE slices SET state = 'stored', alerted = $3, stored_at = now(), lease_until = NULL, last_error = NULL, lacks_policy = false
     WHERE slice_no = $1 AND state = 'claimed' AND claimed_by = $2`,
    [sliceNo, claimant, alerted],
  );
  if (changed !== 1) throw new SliceLost(sliceNo);
}

/** The slice's rows must not be stored: its lease ran out and another instance took it. */
export class SliceLost extends Error {
  constructor(sliceNo: number) {
    super(`slice ${sliceNo} is held by another instance`);
    this.name = 'SliceLost';
  }
}

export async function supersede(tx: Tx, sliceNo: number): Promise<void> {
  await tx.execute(`UPDATE slices SET state = 'superseded', lease_until = NULL WHERE slice_no = $1`, [sliceNo]);
}
