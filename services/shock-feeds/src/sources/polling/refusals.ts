/** What was fetched and could not be taken is kept with its reason: a later reader may make sense of it. */
import type { Tx } from '@fangpin/persistence';
import { clip } from '../../intake/clip.js';
import { digestOf } from '../../intake/received.js';
import type { PollError } from './poll-rows.js';

export interface RefusedDocument {
  readonly sourceId: number;
  readonly bytes: Buffer;
  readonly contentType: string | undefined;
  readonly error: PollError;
}

/** Of a longer document the beginning is kept; the whole is fetched again anyway as long as it is refused. */
const KEPT_BYTES = 1_048_576;
/** Different documents kept of one source, the latest. */
const KEPT_DOCUMENTS = 50;

/** Keeps a document once, however often it is refused. */
export async function keepRefusal(tx: Tx, { sourceId, bytes, contentType, error }: RefusedDocument): Promise<void> {
  await tx.execute(
    `INSERT INTO source_refusals AS r
       (source_id, digest, first_at, last_at, code, detail, content_type, size_bytes, content)
     VALUES ($1, $2, clock_timestamp(), clock_timestamp(), $3, $4, $5, $6, $7)
     ON CONFLICT (source_id, digest) DO UPDATE
       SET last_at = excluded.last_at, times = r.times + 1, code = excluded.code, detail = excluded.detail`,
    [
      sourceId,
      digestOf(bytes),
      error.code,
      clip(error.text, 2_000),
      contentType === undefined ? null : clip(contentType, 200),
      bytes.length,
      bytes.subarray(0, KEPT_BYTES),
    ],
  );
  await tx.execute(
    `DELETE FROM source_refusals WHERE source_id = $1 AND refusal_id NOT IN
       (SELECT refusal_id FROM source_refusals WHERE source_id = $1 ORDER BY last_at DESC LIMIT ${KEPT_DOCUMENTS})`,
    [sourceId],
  );
}
