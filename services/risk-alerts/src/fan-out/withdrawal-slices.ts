/**
 * Slices that withdraw: cut by household, so that all of them together read the alerts of an origin once. Those of a revision that
 * raises come after all that it raises: who has moved is found first where he lives now (docs/adr/0061-a-withdrawal-comes-last.md).
 */
import { arrayLiteral, type Tx } from '@fangpin/persistence';
import type { FanOut } from './fan-out.js';
import type { Slice } from './slices.js';
import { TOWNSHIP_SPAN } from './township.js';

/** Townships in which the origin has ever alerted anybody. */
export async function alertedTownships(tx: Tx, origin: number): Promise<number[]> {
  const rows = await tx.query<{ township: number }>(
    `SELECT DISTINCT duty_code / ${TOWNSHIP_SPAN} AS township FROM alerts WHERE origin = $1 ORDER BY 1`,
    [origin],
  );
  return rows.map(({ township }) => township);
}

/** Whether an earlier revision has alerted anybody; else there is nothing to withdraw. */
export async function hasEarlierAlerts(tx: Tx, { origin, shockRevision }: FanOut): Promise<boolean> {
  const earlier = await tx.query(
    `SELECT 1 FROM slices WHERE origin = $1 AND shock_revision < $2 AND state IN ('stored', 'published') AND alerted > 0 LIMIT 1`,
    [origin, shockRevision],
  );
  return earlier.length > 0;
}

/** Cuts everybody who was ever alerted into slices of about `target` households; answers how many that are. */
export async function insertWithdrawals(
  tx: Tx,
  { origin, shockRevision, direction, lane }: FanOut,
  townships: readonly number[],
  target: number,
): Promise<number> {
  // In the order of the key: left to itself the planner sorts all that the origin ever raised (row-level security hides how much).
  await tx.query('SET LOCAL enable_sort = off');
  const [row] = await tx.query<{ households: number }>(
    `WITH parts AS (
       SELECT part, max(household_id) AS last, count(*)::int AS households FROM (
         SELECT household_id, (row_number() OVER (ORDER BY household_id) - 1) / $5::int AS part
         FROM (SELECT DISTINCT household_id FROM alerts WHERE origin = $1) AS alerted) AS numbered
       GROUP BY part
     ), cut AS (
       INSERT INTO slices (origin, shock_revision, direction, lane, townships, state, lease_until, household_after, household_up_to)
       SELECT $1, $2, 'withdraw', $3, $4::bigint[], 'waiting', $6::timestamptz, lag(last) OVER by_id,
         CASE WHEN lead(last) OVER by_id IS NOT NULL THEN last END
       FROM parts WINDOW by_id AS (ORDER BY part) ORDER BY part
     )
     SELECT coalesce(sum(households), 0)::int AS households FROM parts`,
    [origin, shockRevision, lane, arrayLiteral(townships), target, direction === 'raise' ? 'infinity' : null],
  );
  await tx.query('SET LOCAL enable_sort = on');
  return row?.households ?? 0;
}

/** Why the alerts of a township stand for now. */
export class NotJudgedYet extends Error {
  constructor(township: number) {
    super(`nothing is withdrawn in township ${township} before it is judged under this revision`);
    this.name = 'NotJudgedYet';
  }
}

/** Townships of the slice in which its fan-out has still to raise, since a slice there fails or runs. */
export async function unjudgedTownships(tx: Tx, slice: Slice): Promise<ReadonlyMap<number, NotJudgedYet>> {
  const rows = await tx.query<{ township: number }>(
    `SELECT DISTINCT township FROM slices, unnest(townships) AS township
     WHERE origin = $1 AND shock_revision = $2 AND direction = 'raise' AND state IN ('waiting', 'claimed')
       AND township = ANY($3::bigint[])`,
    [slice.origin, slice.shockRevision, arrayLiteral(slice.townships)],
  );
  return new Map(rows.map(({ township }) => [township, new NotJudgedYet(township)]));
}
