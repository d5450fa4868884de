import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { CopyOutQuery } from './copy-out-query.js';
import { CopyReader, type CopyRow } from './copy-reader.js';
import { CopyWriter } from './copy-writer.js';

/** More than a socket buffers by itself, so that the callback of a write comes when the bytes have left. */
const FLUSH_BYTES = 1 << 18;

/**
 * Streams a query out of the database; memory stays at one chunk. `sql` is the query itself, without parameters.
 * `afterChunk` runs between chunks, for example to let a COPY the other way drain.
 */
export async function copyOut(
  client: pg.ClientBase,
  sql: string,
  onRow: (row: CopyRow) => void,
  afterChunk?: () => Promise<void>,
): Promise<void> {
  const reader = new CopyReader(onRow);
  const query = new CopyOutQuery(`COPY (${sql}) TO STDOUT (FORMAT binary)`, (chunk) => reader.feed(chunk), afterChunk);
  await client.query(query).ended();
  if (!reader.ended) throw new Error('the COPY stream ended before its end mark');
}

/**
 * `COPY target FROM STDIN`: `fill` writes rows and now and then awaits `flush`, which sends what the writer holds once it is
 * more than 256 KiB and waits while the socket is full. Answers the number of rows stored. Whatever fails, in `fill` or at the
 * server, ends the COPY before it is thrown, so that the transaction can be rolled back (or to a savepoint).
 * The role must be allowed to: COPY FROM is refused where row security applies.
 */
export async function copyInto(
  client: pg.ClientBase,
  target: string,
  fill: (rows: CopyWriter, flush: () => Promise<void>) => Promise<void>,
): Promise<number> {
  const stream = client.query(copyFrom(`COPY ${target} FROM STDIN (FORMAT binary)`));
  const rows = new CopyWriter(FLUSH_BYTES + (1 << 14));
  const ended = finished(stream, { readable: false });
  // Awaited below; a failure while rows are still being written must not go unhandled until then.
  ended.catch(() => undefined);
  try {
    await fill(rows, async () => {
      if (rows.byteLength < FLUSH_BYTES) return;
      const full = rows.take();
      // Sent is what the socket has written: only then may the rows that follow use the memory again.
      if (!stream.write(full, () => rows.reuse(full))) await Promise.race([once(stream, 'drain'), ended]);
    });
    stream.end(rows.finish());
    await ended;
    return stream.rowCount;
  } catch (error) {
    if (!stream.destroyed) stream.destroy(error as Error);
    await ended.catch(() => undefined);
    throw error;
  }
}
