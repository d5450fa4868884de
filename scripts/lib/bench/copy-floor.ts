import { finished } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';

export interface CopiedTable {
  /** The table whose rows are copied, and which of them. */
  table: string;
  where: string;
  primaryKey: string;
}

/** Rows as binary COPY gives them, in the order in which they lie. */
async function rowsOf(client: pg.Client, { table, where }: CopiedTable): Promise<Buffer[]> {
  const chunks: Buffer[] = [];
  const stream = client.query(copyTo(`COPY (SELECT * FROM ${table} WHERE ${where}) TO STDOUT (FORMAT binary)`));
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return chunks;
}

export interface CopyFloor {
  rows: number;
  seconds: number;
}

/**
 * What storing the rows costs at least: one COPY (binary, streamed, one connection, one transaction) into an empty, logged,
 * unpartitioned table of the same columns with a primary key and nothing else. Reading them is not counted.
 */
export async function copyFloor(client: pg.Client, source: CopiedTable): Promise<CopyFloor> {
  const chunks = await rowsOf(client, source);
  const target = `floor_${source.table}`;
  await client.query(`DROP TABLE IF EXISTS ${target}`);
  await client.query(
    `CREATE TABLE ${target} (LIKE ${source.table} INCLUDING DEFAULTS, PRIMARY KEY (${source.primaryKey}))`,
  );
  await client.query('CHECKPOINT');
  const start = performance.now();
  await client.query('BEGIN');
  const stream = client.query(copyFrom(`COPY ${target} FROM STDIN (FORMAT binary)`));
  const done = finished(stream, { readable: false });
  for (const chunk of chunks) if (!stream.write(chunk)) await new Promise((resolve) => stream.once('drain', resolve));
  stream.end();
  await done;
  await client.query('COMMIT');
  const seconds = (performance.now() - start) / 1_000;
  await client.query(`DROP TABLE ${target}`);
  return { rows: stream.rowCount, seconds };
}
