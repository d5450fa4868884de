import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { topics } from '@fangpin/contracts';
import { cellScope, type Database, type Tx } from '@fangpin/persistence';
import { createTestDatabase, eventually, type TestDatabase } from '@fangpin/testing';
import { messagingMigrationsDir } from '../src/index.js';
import { fence, type Move } from '../src/runner/fence.js';

const CONSUMER = 'assistance-cases';
const { alert: topic } = topics;
const move = (partition: number, from: bigint | undefined, to: bigint): Move => ({ topic, partition, from, to });

describe('the fence in front of a batch', () => {
  let db: TestDatabase;
  let database: Database;

  beforeAll(async () => {
    db = await createTestDatabase('fence', { migrationsDirs: [messagingMigrationsDir] });
    database = await db.open();
  });
  beforeEach(async () => {
    await within((tx) => tx.execute('DELETE FROM consumer_progress'));
    await within((tx) =>
      tx.execute(
        `INSERT INTO consumer_progress (consumer, topic, partition_no, next_offset, cluster_id)
         SELECT $1, $2, n, 100 + n, 'cluster' FROM generate_series(0, 3) AS n`,
        [CONSUMER, topic.name],
      ),
    );
  });
  afterAll(() => db.drop());

  const within = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => database.transaction(cellScope('test'), work);
  const stored = async (): Promise<number[]> => {
    const sql = 'SELECT next_offset::int AS next FROM consumer_progress ORDER BY partition_no';
    return (await within((tx) => tx.query<{ next: number }>(sql))).map(({ next }) => next);
  };

  it('moves what stands where this member left it, and leaves what another has moved', async () => {
    const fenced = await within((tx) =>
      fence(tx, CONSUMER, [move(0, 100n, 110n), move(1, 99n, 120n), move(2, undefined, 130n), move(3, 103n, 140n)]),
    );
    expect([0, 1, 2, 3].map((partition) => fenced.hasMoved(topic, partition))).toEqual([true, false, false, true]);
    expect(fenced.elsewhere.map(({ partition, nextOffset }) => [partition, nextOffset])).toEqual([
      [1, 101n],
      [2, 102n],
    ]);
    expect(await stored()).toEqual([110, 101, 102, 140]);
  });

  it('stands again where it stood when the batch is not applied', async () => {
    const failing = within(async (tx) => {
      await fence(tx, CONSUMER, [move(0, 100n, 110n)]);
      throw new Error('not applied');
    });
    await expect(failing).rejects.toThrow('not applied');
    expect(await stored()).toEqual([100, 101, 102, 103]);
  });

  it('lets one of two members through that hold the same batch, the other when the first has failed', async () => {
    for (const firstFails of [false, true]) {
      const from = BigInt((await stored())[0] as number);
      const entered = Promise.withResolvers<void>();
      const gate = Promise.withResolvers<void>();
      const first = within(async (tx) => {
        await fence(tx, CONSUMER, [move(0, from, from + 10n)]);
        entered.resolve();
        await gate.promise;
        if (firstFails) throw new Error('first fails');
      }).catch(() => undefined);
      await entered.promise;
      const second = within((tx) => fence(tx, CONSUMER, [move(0, from, from + 20n)]));
      await eventually(async () => {
        const [waiting] = await within((tx) =>
          tx.query<{ n: number }>(
            `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
          ),
        );
        expect(waiting?.n).toBe(1);
      });
      gate.resolve();
      await first;
      const { hasMoved, elsewhere } = await second;
      expect(hasMoved(topic, 0)).toBe(firstFails);
      expect(elsewhere.map(({ nextOffset }) => nextOffset)).toEqual(firstFails ? [] : [from + 10n]);
      expect((await stored())[0]).toBe(Number(from) + (firstFails ? 20 : 10));
    }
  });

  it('halts where a row is gone', async () => {
    const gone = within((tx) => fence(tx, CONSUMER, [move(9, 0n, 1n)]));
    await expect(gone).rejects.toThrow('alerts.alert.v1/9: its progress row is gone');
  });

  it('brings the keys that unresolved letters hold, of these topics and this consumer alone', async () => {
    const park = (consumer: string, topicName: string, key: string, status: string) =>
      within((tx) =>
        tx.execute(
          `INSERT INTO parked_letters (consumer, topic, partition_no, message_offset, key, event_key, status, decodable, payload, headers)
           VALUES ($1, $2, 0, 1, $3, $3, $4, true, '', '{}')`,
          [consumer, topicName, key, status],
        ),
      );
    await park(CONSUMER, topic.name, 'parked', 'parked');
    await park(CONSUMER, topic.name, 'parked', 'waiting');
    await park(CONSUMER, topic.name, 'marked', 'replay');
    await park(CONSUMER, topic.name, 'done', 'replayed');
    await park(CONSUMER, topic.name, 'gone', 'dropped');
    await park(CONSUMER, topics.case.name, 'elsewhere', 'parked');
    await park('risk-alerts', topic.name, 'of another', 'parked');
    const { unresolved } = await within((tx) => fence(tx, CONSUMER, [move(0, 100n, 110n)]));
    expect([...unresolved.keys()]).toEqual([topic.name]);
    expect([...(unresolved.get(topic.name) ?? [])].sort()).toEqual(['marked', 'parked']);
  });
});
