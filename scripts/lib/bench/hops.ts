/**
 * What a finding's way costs at least: the same steps bare. One row committed, one message there and back, another row, another
 * message, the last row; on the same servers, at the same rate, by the same client.
 */
import { topics } from '@fangpin/contracts';
import { createKafkaBus, type BusProducer } from '@fangpin/messaging';
import pg from 'pg';

export interface Hops {
  /** Seconds from the first commit to the last. */
  once(): Promise<number>;
  close(): Promise<void>;
}

const CONNECTIONS = 16;

export async function openHops(adminUrl: string, brokers: readonly string[]): Promise<Hops> {
  const pool = new pg.Pool({ connectionString: adminUrl, max: CONNECTIONS });
  await pool.query('CREATE TABLE IF NOT EXISTS hops (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, note text)');
  const bus = createKafkaBus({ brokers, clientId: 'bench-hops', prefix: 'hops.' });
  await bus.ensureTopics([topics.finding]);
  const producer = await bus.producer();
  const waiting = new Map<string, () => void>();
  const joined = Promise.withResolvers<void>();
  await bus.subscribe({
    group: 'bench-hops',
    topics: [topics.finding],
    onAssigned: () => Promise.resolve(joined.resolve()),
    onBatch: ({ messages }) => {
      for (const { key } of messages) waiting.get(key)?.();
      return Promise.resolve();
    },
    onCrash: (error) => joined.reject(error),
  });
  await joined.promise;
  let number = 0;
  const commit = (): Promise<unknown> => pool.query(`INSERT INTO hops (note) VALUES ('${'n'.repeat(200)}')`);
  const thereAndBack = async (): Promise<void> => {
    const key = String(number++);
    const back = new Promise<void>((resolve) => waiting.set(key, resolve));
    await send(producer, key);
    await back;
    waiting.delete(key);
  };
  return {
    async once() {
      const start = performance.now();
      await commit();
      await thereAndBack();
      await commit();
      await thereAndBack();
      await commit();
      return (performance.now() - start) / 1_000;
    },
    async close() {
      await bus.close();
      await pool.end();
    },
  };
}

function send(producer: BusProducer, key: string): Promise<void> {
  return producer.send(topics.finding, [{ key, value: new Uint8Array(200), headers: {} }]);
}
