/** What storing and sending warnings costs at least: the same rows inserted, and the same messages produced, in batches. */
import { topics } from '@fangpin/contracts';
import { createKafkaBus, type Bus, type BusProducer, type OutgoingMessage } from '@fangpin/messaging';
import type pg from 'pg';

const TABLES = ['shocks', 'shock_messages', 'shock_revisions', 'shock_identities'] as const;
const KEYS: Record<(typeof TABLES)[number], string> = {
  shocks: 'shock_id',
  shock_messages: 'message_id',
  shock_revisions: 'shock_id, revision',
  shock_identities: 'identity',
};
const BATCH = 250;
const WARM_UP: OutgoingMessage = { key: 'warm-up', value: new Uint8Array(16), headers: {} };

export interface IntakeFloor {
  measure(): Promise<{ rows: number; messages: number; insertSeconds: number; produceSeconds: number }>;
  close(): Promise<void>;
}

export async function openIntakeFloor(client: pg.Client, brokers: readonly string[]): Promise<IntakeFloor> {
  const bus: Bus = createKafkaBus({ brokers, clientId: 'bench-floor', prefix: 'floor.' });
  await bus.ensureTopics([topics.shock]);
  const producer = await bus.producer();
  await producer.send(topics.shock, [WARM_UP]);
  return {
    async measure() {
      const batches = await batchesOf(client);
      const messages = await messagesOf(client);
      for (const table of TABLES) {
        await client.query(`DROP TABLE IF EXISTS floor_${table}`);
        await client.query(
          `CREATE TABLE floor_${table} (LIKE ${table} INCLUDING DEFAULTS, PRIMARY KEY (${KEYS[table]}))`,
        );
      }
      await client.query('CHECKPOINT');
      const insertSeconds = await timed(() => insert(client, batches));
      const produceSeconds = await timed(() => produce(producer, messages));
      for (const table of TABLES) await client.query(`DROP TABLE floor_${table}`);
      return { rows: batches.rows, messages: messages.length, insertSeconds, produceSeconds };
    },
    close: () => bus.close(),
  };
}

interface Batches {
  rows: number;
  /** Of each batch, the rows of each table as JSON text. */
  texts: Record<(typeof TABLES)[number], string>[];
}

async function batchesOf(client: pg.Client): Promise<Batches> {
  const all: [(typeof TABLES)[number], string[]][] = [];
  for (const table of TABLES) {
    const { rows } = await client.query<{ row: string }>(`SELECT to_jsonb(t)::text AS row FROM ${table} AS t`);
    all.push([table, rows.map(({ row }) => row)]);
  }
  const most = Math.max(...all.map(([, rows]) => rows.length));
  const texts = Array.from({ length: Math.ceil(most / BATCH) }, (_, i) =>
    Object.fromEntries(all.map(([table, rows]) => [table, `[${rows.slice(i * BATCH, (i + 1) * BATCH).join(',')}]`])),
  ) as Batches['texts'];
  return { rows: all.reduce((sum, [, rows]) => sum + rows.length, 0), texts };
}

async function insert(client: pg.Client, { texts }: Batches): Promise<void> {
  for (const batch of texts) {
    await client.query('BEGIN');
    for (const table of TABLES)
      await client.query(
        `INSERT INTO floor_${table} SELECT * FROM jsonb_populate_recordset(NULL::floor_${table}, $1::jsonb)`,
        [batch[table]],
      );
    await client.query('COMMIT');
  }
}

async function messagesOf(client: pg.Client): Promise<OutgoingMessage[]> {
  const { rows } = await client.query<{ key: string; value: Buffer; headers: Record<string, string> }>(
    'SELECT key, value, headers FROM outbox WHERE value IS NOT NULL ORDER BY id',
  );
  return rows;
}

async function produce(producer: BusProducer, messages: readonly OutgoingMessage[]): Promise<void> {
  for (let i = 0; i < messages.length; i += BATCH) await producer.send(topics.shock, messages.slice(i, i + BATCH));
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1_000;
}
