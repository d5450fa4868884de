import { DomainError } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import { IdempotencyKeyReused } from '@fangpin/service-kit';
import type { BatchState } from './batch-rows.js';
import type { Counts } from './store-sheet.js';

/** Makes the batch count, or answers the one that it repeats. Refuses a key that was used with another sheet (409), and a batch that was cleared away meanwhile. */
export async function finishBatch(
  tx: Tx,
  batchId: string,
  digest: Buffer,
  key: string | undefined,
  { rows, rejected }: Counts,
): Promise<string | undefined> {
  // Two uploads of one sheet at once: the second waits here and then finds the first.
  await tx.query("SELECT pg_advisory_xact_lock(hashtext('intake-batches'))");
  const [own] = await tx.query<{ department: string; received_by: string; area_lo: number; area_hi: number }>(
    'SELECT department, received_by, area_lo, area_hi FROM batches WHERE batch_id = $1',
    [batchId],
  );
  if (own === undefined) throw new DomainError('BATCH.BROKEN_OFF', 'invalid', 'the sheet took too long to arrive');
  if (key !== undefined) {
    const [same] = await tx.query<{ batch_id: string; digest: Buffer }>(
      'SELECT batch_id, digest FROM batches WHERE department = $1 AND received_by = $2 AND idempotency_key = $3',
      [own.department, own.received_by, key],
    );
    if (same !== undefined && !same.digest.equals(digest)) throw new IdempotencyKeyReused();
    if (same !== undefined) return same.batch_id;
  }
  const [last] = await tx.query<{ batch_id: string; state: BatchState; digest: Buffer; rejected: number }>(
    `SELECT batch_id, state, digest, rejected FROM batches
      WHERE department = $1 AND area_lo = $2 AND area_hi = $3 AND state <> 'receiving'
      ORDER BY arrival DESC LIMIT 1`,
    [own.department, own.area_lo, own.area_hi],
  );
  // Behind another sheet it is a new word, and so it is where rows that were refused can be taken by now. What it repeats changes nothing.
  const isStanding = last !== undefined && last.state !== 'withdrawing' && last.state !== 'withdrawn';
  if (isStanding && last.rejected === rejected && last.digest.equals(digest)) return last.batch_id;
  await tx.execute(
    `UPDATE batches SET state = 'queued', digest = $2, idempotency_key = $3, rows = $4, rejected = $5 WHERE batch_id = $1`,
    [batchId, digest, key ?? null, rows, rejected],
  );
  return undefined;
}
