import { arrayLiteral, type Tx } from '@fangpin/persistence';

/** Notes that the bus has acknowledged all alerts of these slices; those that were noted already keep their time. */
export async function markSlicesPublished(tx: Tx, sliceNos: readonly number[]): Promise<void> {
  await tx.execute(
    `UPDATE slices SET state = 'published', published_at = now() WHERE slice_no = ANY($1::bigint[]) AND state = 'stored'`,
    [arrayLiteral(sliceNos)],
  );
}
