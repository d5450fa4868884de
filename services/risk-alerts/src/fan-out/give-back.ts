/** Slices that failed, or could not be judged in some townships: given back to be tried again, so that the others go on. */
import type { Tx } from '@fangpin/persistence';
import { NoPolicy } from '@fangpin/policy';
import type { Slice } from './slices.js';

/** Once may be the database that was away; what fails twice may be one township's: its line is missing, a row is broken. */
const SPLIT_FROM_ATTEMPT = 2;

/**
 * Gives a slice back after a failure, with what went wrong, so that it shows and is tried again: after a second, then after
 * two, four … at most a minute, so that the others go on meanwhile. One that failed before is split into its townships, so that
 * only those stay behind which cannot be done; each has failed once, and looks who stands in another slice by now (run-slice.ts).
 * One that withdraws is cut by household, and stays whole. Nothing happens where another instance holds it by now.
 */
export async function giveBack(tx: Tx, slice: Slice, claimant: string, error: unknown): Promise<void> {
  const split = slice.direction === 'raise' && slice.attempts >= SPLIT_FROM_ATTEMPT && slice.townships.length > 1;
  await tx.execute(
    `WITH given AS (
       UPDATE slices SET state = 'waiting', claimed_by = NULL, last_error = $3, lacks_policy = $5,
         townships = CASE WHEN $4 THEN townships[1:1] ELSE townships END,
         lease_until = clock_timestamp() + make_interval(secs => least(60, power(2, least(attempts, 10) - 1)))
       WHERE slice_no = $1 AND state = 'claimed' AND claimed_by = $2
       RETURNING origin, shock_revision, direction, lane, created_at, old.townships AS whole)
     INSERT INTO slices (origin, shock_revision, direction, lane, created_at, townships, attempts, state)
     SELECT origin, shock_revision, direction, lane, created_at, ARRAY[township], 1, 'waiting'
     FROM given CROSS JOIN LATERAL unnest(whole[2:]) AS township WHERE $4`,
    [
      slice.sliceNo,
      claimant,
      (error instanceof Error ? error.message : String(error)).slice(0, 500),
      split,
      error instanceof NoPolicy,
    ],
  );
}

/**
 * Townships of a slice that is being stored, in which somebody could not be judged for want of a policy value: each waits in a slice of its
 * own, as old as that one, shows what it lacks and is tried again. Who was alerted there meanwhile is not alerted twice (run-slice.ts).
 */
export async function keepBack(tx: Tx, slice: Slice, lacking: ReadonlyMap<number, Error>): Promise<void> {
  if (lacking.size === 0) return;
  if (slice.direction === 'withdraw') return keepWithdrawalBack(tx, slice, lacking);
  await tx.execute(
    `INSERT INTO slices (origin, shock_revision, direction, lane, created_at, townships, attempts, state, last_error, lacks_policy, lease_until)
     SELECT origin, shock_revision, direction, lane, created_at, ARRAY[township], attempts, 'waiting', left(lacks, 500), true,
       clock_timestamp() + make_interval(secs => least(60, power(2, least(attempts, 10) - 1)))
     FROM slices, unnest($2::bigint[], $3::text[]) AS kept (township, lacks) WHERE slice_no = $1`,
    [slice.sliceNo, [...lacking.keys()], [...lacking.values()].map(({ message }) => message)],
  );
}

/** The same households once more, when nothing is left to raise in the townships in which their alerts had to stand. */
async function keepWithdrawalBack(tx: Tx, slice: Slice, unjudged: ReadonlyMap<number, Error>): Promise<void> {
  const [why] = unjudged.values();
  await tx.execute(
    `INSERT INTO slices (origin, shock_revision, direction, lane, created_at, townships, state, last_error, lease_until,
       household_after, household_up_to)
     SELECT origin, shock_revision, direction, lane, created_at, $2::bigint[], 'waiting', left($3, 500), 'infinity',
       household_after, household_up_to
     FROM slices WHERE slice_no = $1`,
    [slice.sliceNo, [...unjudged.keys()], why?.message ?? ''],
  );
}
