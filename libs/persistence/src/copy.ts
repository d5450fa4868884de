import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { CopyReader, type CopyRow } from './copy-reader.js';
import type { CopyWriter } from './copy-writer.js';

const FLUSH_BYTES = 1 << 16;

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
  const stream = client.query(copyTo(`COPY (${sql}) TO STDOUT (FORMAT binary)`));
  for await (const chunk of stream) {
    reader.feed(chunk as Buffer);
    if (afterChunk !== undefined) await afterChunk();
  }
  if (!reader.ended) throw new Error('the COPY stream ended before its end mark');
}

/** An open COPY into one table: write rows to `writer`, call `flush` now and then, `end` once. */
export interface CopyInStream {
  /** Sends what the writer holds when it is more than 64 KiB; waits while the socket is full. */
  flush(): Promise<void>;
  /** Sends the rest and answers the number of rows stored. */
  end(): Promise<number>;
}

/** Opens `COPY table (columns) FROM STDIN`. The role must be allowed to: COPY FROM is refused where row security applies. */
export function copyIn(client: pg.ClientBase, target: string, writer: CopyWriter): CopyInStream {
  const stream = client.query(copyFrom(`COPY ${target} FROM STDIN (FORMAT binary)`));
  let failure: Error | undefined;
  stream.on('error', (error: Error) => (failure = error));
  return {
    async flush() {
      if (failure) throw failure;
      if (writer.byteLength < FLUSH_BYTES) return;
      if (!stream.write(writer.take())) await Promise.race([once(stream, 'drain'), once(stream, 'error')]);
    },
    async end() {
      if (failure) throw failure;
      const done = finished(stream, { readable: false });
      stream.end(writer.finish());
      await done;
      return stream.rowCount;
    },
  };
}
