/**
 * Which instance looks at which households. Their rows are held only for a moment, when a batch is taken and when it is done with:
 * whoever says one of them again, in the transaction of the consumer, waits for no look (docs/adr/0062-live-shocks-wait-for-nothing.md).
 * What is held while it looks is the row of the batch.
 */
import type { Tx } from '@fangpin/persistence';

/** An instance that has not looked for so long is given up; one that is in the middle of a look holds the batch's row. */
const LEASE_SECONDS = 60;
const HELD_UNTIL = `clock_timestamp() + make_interval(secs => ${LEASE_SECONDS})`;
/** Whom nobody could look at comes last. In the order of an index (migration 0072): many may wait. */
const NEXT = `SELECT household_id FROM relooks
  WHERE batch_no IS NULL AND (look_after IS NULL OR look_after < clock_timestamp())
  ORDER BY attempts > 0, asked_at, household_id`;

export interface RelookBatch {
  readonly batchNo: number;
  readonly householdIds: readonly number[];
  /** When each was last asked for, as it stood when it was taken. */
  readonly askedAt: readonly string[];
  /** Whether there were more households than these. */
  readonly othersWait: boolean;
}

/** The batch is another instance's by now: nothing of it may be stored. */
export class BatchLost extends Error {
  constructor(batchNo: number) {
    super(`batch ${batchNo} of changed households is held no longer`);
    this.name = 'BatchLost';
  }
}

/** The households of a batch could not be looked at. */
export class LookFailed extends Error {
  constructor(
    readonly householdIds: readonly number[],
    cause: unknown,
  ) {
    super('changed households could not be looked at', { cause });
    this.name = 'LookFailed';
  }
}

/** Takes the households that have waited longest, `most` of them; undefined where nobody waits. */
export async function takeBatch(tx: Tx, most: number): Promise<RelookBatch | undefined> {
  // Passes by those that are locked: they are looked at.
  await tx.execute(
    `DELETE FROM relook_batches WHERE batch_no IN (
       SELECT batch_no FROM relook_batches WHERE held_until < clock_timestamp() FOR UPDATE SKIP LOCKED)`,
  );
  await freeHouseholds(tx);
  const next = await tx.query<{ household_id: number }>(`${NEXT} LIMIT $1 FOR UPDATE SKIP LOCKED`, [most + 1]);
  if (next.length === 0) return undefined;
  const taken = await tx.query<{ household_id: number; asked_at: string; batch_no: number }>(
    `UPDATE relooks SET batch_no = (SELECT nextval('relook_batch_no')) WHERE household_id = ANY($1::bigint[])
     RETURNING household_id, asked_at::text, batch_no`,
    [next.slice(0, most).map((row) => row.household_id)],
  );
  const [first] = taken;
  if (first === undefined) return undefined;
  await tx.execute(`INSERT INTO relook_batches (batch_no, held_until) VALUES ($1, ${HELD_UNTIL})`, [first.batch_no]);
  return {
    batchNo: first.batch_no,
    householdIds: taken.map((row) => row.household_id),
    askedAt: taken.map((row) => row.asked_at),
    othersWait: next.length > most,
  };
}

/** Holds the batch until the transaction ends, and for a while from now on; throws {@link BatchLost} where it is another's. */
export async function holdBatch(tx: Tx, { batchNo }: RelookBatch): Promise<void> {
  const held = await tx.execute(`UPDATE relook_batches SET held_until = ${HELD_UNTIL} WHERE batch_no = $1`, [batchNo]);
  if (held === 0) throw new BatchLost(batchNo);
}

/**
 * Ends a batch that was looked at for good. Who was asked for again since it was taken stays, as of then: the look may have read what
 * was before. Rows that are just being asked for are passed by, and wait again with the end of the batch.
 */
export async function endBatch(tx: Tx, { batchNo, householdIds, askedAt }: RelookBatch): Promise<void> {
  await tx.execute(
    `DELETE FROM relooks WHERE household_id IN (
       SELECT r.household_id FROM relooks r JOIN unnest($2::bigint[], $3::timestamptz[]) AS seen (household_id, asked_at) USING (household_id)
       WHERE r.batch_no = $1 AND r.asked_at = seen.asked_at FOR UPDATE OF r SKIP LOCKED)`,
    [batchNo, householdIds, askedAt],
  );
  await tx.execute(
    `UPDATE relooks SET changed_at = (SELECT taken_at FROM relook_batches WHERE batch_no = $1) WHERE household_id IN (
       SELECT household_id FROM relooks WHERE batch_no = $1 FOR UPDATE SKIP LOCKED)`,
    [batchNo],
  );
  await giveBatchBack(tx, batchNo);
}

/** Ends a batch whose households are to be looked at once more, after all that wait now. */
export async function askForBatchAgain(tx: Tx, { batchNo }: RelookBatch): Promise<void> {
  await tx.execute(
    `UPDATE relooks SET asked_at = clock_timestamp(), attempts = 0 WHERE household_id IN (
       SELECT household_id FROM relooks WHERE batch_no = $1 FOR UPDATE SKIP LOCKED)`,
    [batchNo],
  );
  await giveBatchBack(tx, batchNo);
}

/** Ends a batch that could not be looked at: its households wait where they stood. */
export async function giveBatchBack(tx: Tx, batchNo: number): Promise<void> {
  await tx.execute('DELETE FROM relook_batches WHERE batch_no = $1', [batchNo]);
}

/** Puts off a household at which nobody can look: to a second from now, then two, four … at most a minute. */
export async function putOff(tx: Tx, householdId: number): Promise<void> {
  await tx.execute(
    `UPDATE relooks SET attempts = attempts + 1,
       look_after = clock_timestamp() + make_interval(secs => least(60, power(2, least(attempts, 10))))
     WHERE household_id = (SELECT household_id FROM relooks WHERE household_id = $1 FOR UPDATE SKIP LOCKED)`,
    [householdId],
  );
}

/**
 * Has the households of batches that are over wait again: those that were given back or given up, and those that were just being asked for
 * when theirs ended. By number, which is never used twice: one that is taken at this moment has another.
 */
async function freeHouseholds(tx: Tx): Promise<void> {
  const over = await tx.query<{ batch_no: number }>(
    `SELECT DISTINCT batch_no FROM relooks r
     WHERE batch_no IS NOT NULL AND NOT EXISTS (SELECT FROM relook_batches b WHERE b.batch_no = r.batch_no)`,
  );
  if (over.length === 0) return;
  await tx.execute(
    `UPDATE relooks SET batch_no = NULL WHERE household_id = ANY(ARRAY(
       SELECT household_id FROM relooks WHERE batch_no = ANY($1::bigint[]) FOR UPDATE SKIP LOCKED))`,
    [over.map(({ batch_no }) => batch_no)],
  );
}
