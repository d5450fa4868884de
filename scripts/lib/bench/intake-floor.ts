/** What storing and sending warnings costs at least: the same rows inserted, and the same messages produced, in batches. */
import { topics } from '@fangpin/contracts';
import { createKafkaBus, type Bus, type BusProducer, type OutgoingMessage } from '@fangpin/messaging';
import type pg from 'pg';

export interface IntakeFloor {
  /** Of all that stands in the tables and in the outbox now. */
  measure(tables: readonly string[]): Promise<FloorFigures>;
  close(): Promise<void>;
}

export interface FloorFigures {
  rows: number;
  messages: number;
  insertSeconds: number;
  produceSeconds: number;
}

/** The rows of one table as JSON text, and the columns of its primary key, all that its copy has of indexes. */
interface TableRows {
  name: string;
  primaryKey: string;
  rows: string[];
}

const BATCH = 250;
const WARM_UP: OutgoingMessage = { key: 'warm-up', value: new Uint8Array(16), headers: {} };

export async function openIntakeFloor(client: pg.Client, brokers: readonly string[]): Promise<IntakeFloor> {
  const bus: Bus = createKafkaBus({ brokers, clientId: 'bench-floor', prefix: 'floor.' });
  await bus.ensureTopics([topics.shock]);
  const producer = await bus.producer();
  await producer.send(topics.shock, [WARM_UP]);
  return {
    async measure(names) {
      const tables = await rowsOf(client, names);
      const messages = await messagesOf(client);
      for (const { name, primaryKey } of tables)
        await client.query(`CREATE TABLE floor_${name} (LIKE ${name} INCLUDING DEFAULTS, PRIMARY KEY (${primaryKey}))`);
      await client.query('CHECKPOINT');
      const insertSeconds = await timed(() => insert(client, tables));
      const produceSeconds = await timed(() => produce(producer, messages));
      for (const { name } of tables) await client.query(`DROP TABLE floor_${name}`);
      const rows = tables.reduce((sum, table) => sum + table.rows.length, 0);
      return { rows, messages: messages.length, insertSeconds, produceSeconds };
    },
    close: () => bus.close(),
  };
}

async function rowsOf(client: pg.Client, names: readonly string[]): Promise<TableRows[]> {
  const tables: TableRows[] = [];
  for (const name of names) {
    const { rows } = await client.query<{ row: string }>(`SELECT to_jsonb(t)::text AS row FROM ${name} AS t`);
    if (rows.length === 0) continue;
    const { rows: keys } = await client.query<{ key: string }>(
      `SELECT string_agg(attname, ', ') AS key FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY (indkey)
       WHERE indrelid = $1::regclass AND indisprimary`,
      [name],
    );
    tables.push({ name, primaryKey: keys[0]?.key ?? '', rows: rows.map(({ row }) => row) });
  }
  return tables;
}

async function insert(client: pg.Client, tables: readonly TableRows[]): Promise<void> {
  const batches = Math.ceil(Math.max(0, ...tables.map(({ rows }) => rows.length)) / BATCH);
  for (let batch = 0; batch < batches; batch += 1) {
    await client.query('BEGIN');
    for (const { name, rows } of tables) {
      const some = rows.slice(batch * BATCH, (batch + 1) * BATCH);
      if (some.length > 0)
        await client.query(
          `INSERT INTO floor_${name} SELECT * FROM jsonb_populate_recordset(NULL::floor_${name}, $1::jsonb)`,
          [`[${some.join(',')}]`],
        );
    }
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
