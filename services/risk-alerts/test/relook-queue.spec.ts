import { messagingMigrationsDir } from '@fangpin/messaging';
import { cellScope, type Database, type Tx } from '@fangpin/persistence';
import { serviceKitMigrationsDir } from '@fangpin/service-kit';
import { createTestDatabase, type TestDatabase } from '@fangpin/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { askForBatchAgain, endBatch, giveBatchBack, holdBatch, takeBatch } from '../src/fan-out/relook-queue.js';

const MIGRATIONS = fileURLToPath(new URL('../migrations', import.meta.url));

describe('a batch of changed households', () => {
  let db: TestDatabase;
  let app: Database;
  let writer: Database;
  beforeAll(async () => {
    db = await createTestDatabase('risk-alerts', {
      migrationsDirs: [messagingMigrationsDir, serviceKitMigrationsDir, MIGRATIONS],
    });
    app = await db.open({ poolSize: 2 });
    writer = await db.open({ url: db.writerUrl, poolSize: 2 });
  });
  afterAll(() => db.drop());
  beforeEach(() =>
    consumed(async (tx) => {
      await tx.execute('DELETE FROM relooks');
      await say(tx, [1, 2, 3, 4]);
    }),
  );

  const consumed = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => app.transaction(cellScope('spec'), work);
  const look = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => writer.transaction(cellScope('spec'), work);
  const say = (tx: Tx, ids: readonly number[]): Promise<number> =>
    tx.execute(
      `INSERT INTO relooks (household_id, duty_code) SELECT id, 532327101201000 FROM unnest($1::bigint[]) AS id
       ON CONFLICT (household_id) DO UPDATE SET asked_at = clock_timestamp()`,
      [ids],
    );
  const take = async (most: number): Promise<NonNullable<Awaited<ReturnType<typeof takeBatch>>>> => {
    const batch = await look((tx) => takeBatch(tx, most));
    if (batch === undefined) throw new Error('nobody waits');
    return batch;
  };
  const idsOf = ({ householdIds }: { readonly householdIds: readonly number[] }): number[] => [...householdIds].sort();
  const left = async (): Promise<number[]> =>
    (await consumed((tx) => tx.query<{ id: number }>('SELECT household_id AS id FROM relooks ORDER BY 1'))).map(
      ({ id }) => id,
    );
  const letTimePass = (batchNo: number): Promise<number> =>
    look((tx) => tx.execute(`UPDATE relook_batches SET held_until = now() WHERE batch_no = $1`, [batchNo]));

  it('is of one instance, and leaves the others to the next', async () => {
    const [first, second] = [await take(3), await take(3)];
    expect([idsOf(first), first.othersWait]).toEqual([[1, 2, 3], true]);
    expect([idsOf(second), second.othersWait]).toEqual([[4], false]);
    expect(await look((tx) => takeBatch(tx, 3))).toBeUndefined();
    for (const batch of [first, second]) await look((tx) => endBatch(tx, batch));
    expect(await left()).toEqual([]);
  });

  it('keeps no household from being said again, which is looked at once more', async () => {
    const batch = await take(4);
    await look(async (looking) => {
      await holdBatch(looking, batch);
      await consumed((tx) => say(tx, [2]));
    });
    await look((tx) => endBatch(tx, batch));
    expect(await left()).toEqual([2]);
    expect(idsOf(await take(4))).toEqual([2]);
  });

  it('passes by, when it ends, a household that is just being said, which waits again', async () => {
    const batch = await take(4);
    await consumed(async (tx) => {
      await say(tx, [3]);
      await look((ending) => endBatch(ending, batch));
    });
    expect(await left()).toEqual([3]);
    expect(idsOf(await take(4))).toEqual([3]);
  });

  it('goes to another instance when its own is gone, and stores nothing any more', async () => {
    const gone = await take(4);
    await letTimePass(gone.batchNo);
    const next = await take(4);
    expect(idsOf(next)).toEqual([1, 2, 3, 4]);
    await expect(look((tx) => holdBatch(tx, gone))).rejects.toThrow('held no longer');
    // It knows nothing of it yet: what the other holds stays.
    await look((tx) => endBatch(tx, gone));
    expect(await left()).toEqual([1, 2, 3, 4]);
    await look((tx) => holdBatch(tx, next));
  });

  it('stays with an instance in the middle of a look, however long that takes', async () => {
    const batch = await take(4);
    await letTimePass(batch.batchNo);
    await look(async (looking) => {
      await holdBatch(looking, batch);
      expect(await look((tx) => takeBatch(tx, 4))).toBeUndefined();
    });
    expect(await look((tx) => takeBatch(tx, 4))).toBeUndefined();
    await look((tx) => endBatch(tx, batch));
  });

  it('is found without reading all that wait, nor those that had failed once', async () => {
    const [MANY, most] = [20_000, 500];
    const ids = Array.from({ length: MANY }, (_, i) => i + 1);
    await consumed((tx) => say(tx, ids));
    await consumed((tx) => tx.execute('UPDATE relooks SET asked_at = asked_at - make_interval(secs => household_id)'));
    // As the database does by itself after so many.
    const owner = await db.open({ url: db.adminUrl, poolSize: 1 });
    await owner.dataSource.query('ANALYZE relooks');
    // Of this connection, since it last told the others.
    const rowsRead = async (tx: Tx): Promise<number> =>
      (
        await tx.query<{ n: number }>(
          `SELECT (seq_tup_read + idx_tup_fetch)::int AS n FROM pg_stat_xact_user_tables WHERE relname = 'relooks'`,
        )
      )[0]?.n ?? 0;
    for (let round = 0; round < 12; round++)
      await look(async (tx) => {
        const before = await rowsRead(tx);
        const batch = await takeBatch(tx, most);
        expect((await rowsRead(tx)) - before).toBeLessThan(10 * most);
        expect(batch).toMatchObject({ othersWait: true });
        // Those asked for first, who are the last of the list.
        expect(Math.min(...(batch?.householdIds ?? []))).toBe(MANY - most + 1);
        if (batch !== undefined) await giveBatchBack(tx, batch.batchNo);
      });
  });

  it('is back at once where it could not be looked at, or is to be looked at once more', async () => {
    const failed = await take(4);
    await look((tx) => giveBatchBack(tx, failed.batchNo));
    const again = await take(2);
    expect(idsOf(again)).toEqual([1, 2]);
    await look((tx) => askForBatchAgain(tx, again));
    expect(idsOf(await take(2))).toEqual([3, 4]);
  });
});
