import { cellScope, type Database, type Tx } from '@fangpin/persistence';

export type LetterStatus = 'parked' | 'waiting' | 'replay' | 'replayed' | 'dropped';

export interface ParkedLetter {
  readonly id: number;
  readonly consumer: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: string;
  readonly status: LetterStatus;
  readonly errorCode: string | null;
  readonly attempts: number;
  readonly parkedAt: Date;
  readonly resolvedAt: Date | null;
}

/** With what only one letter at a time shows: the error's text and the bytes. */
export interface ParkedLetterDetails extends ParkedLetter {
  readonly eventKey: string;
  readonly decodable: boolean;
  readonly errorMessage: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: Uint8Array;
}

export interface LetterFilter {
  readonly id?: number;
  readonly key?: string;
  readonly consumer?: string;
  /** Resolved ones too; without it only what still needs somebody. */
  readonly all?: boolean;
}

const COLUMNS = `id, consumer, topic, partition_no AS partition, message_offset AS "offset", key, status,
  error_code AS "errorCode", attempts, parked_at AS "parkedAt", resolved_at AS "resolvedAt"`;

const MATCHES = `($1::bigint IS NULL OR id = $1) AND ($2::text IS NULL OR key = $2 OR event_key = $2)
  AND ($3::text IS NULL OR consumer = $3)`;

/** Parked letters, oldest first. */
export function listParked(database: Database, filter: LetterFilter = {}, limit = 500): Promise<ParkedLetter[]> {
  return within(database, (tx) =>
    tx.query<ParkedLetter & Record<string, unknown>>(
      `SELECT ${COLUMNS} FROM parked_letters
        WHERE ${MATCHES} AND ($4 OR status IN ('parked', 'waiting', 'replay')) ORDER BY id LIMIT $5`,
      [...values(filter), filter.all ?? false, limit],
    ),
  );
}

/** One letter with everything; undefined when there is none of that id. */
export async function showParked(database: Database, id: number): Promise<ParkedLetterDetails | undefined> {
  const rows = await within(database, (tx) =>
    tx.query<ParkedLetterDetails & Record<string, unknown>>(
      `SELECT ${COLUMNS}, event_key AS "eventKey", decodable, error_message AS "errorMessage", headers, payload
         FROM parked_letters WHERE id = $1`,
      [id],
    ),
  );
  return rows[0];
}

/**
 * Marks letters for replay; the running service applies them within a second or so, later ones of the key on fact topics
 * after them. Answers the ids; refuses to match everything by accident: name an id, a key or `all`.
 */
export function replayParked(database: Database, filter: LetterFilter): Promise<number[]> {
  return resolve(database, filter, "status = 'replay'", ['parked']);
}

/** Gives letters up; on fact topics those that waited behind them go on. Answers the ids. */
export function dropParked(database: Database, filter: LetterFilter): Promise<number[]> {
  return resolve(database, filter, "status = 'dropped', resolved_at = clock_timestamp()", [
    'parked',
    'waiting',
    'replay',
  ]);
}

async function resolve(
  database: Database,
  filter: LetterFilter,
  change: string,
  from: readonly LetterStatus[],
): Promise<number[]> {
  if (filter.id === undefined && filter.key === undefined && filter.all !== true)
    throw new RangeError('name the letters: an id, a key, or all');
  const rows = await within(database, (tx) =>
    tx.query<{ id: number }>(
      `UPDATE parked_letters SET ${change} WHERE ${MATCHES} AND status = ANY($4::text[]) RETURNING id`,
      [...values(filter), from],
    ),
  );
  return rows.map((row) => row.id).sort((a, b) => a - b);
}

function values({ id, key, consumer }: LetterFilter): unknown[] {
  return [id ?? null, key ?? null, consumer ?? null];
}

function within<T>(database: Database, work: (tx: Tx) => Promise<T>): Promise<T> {
  return database.transaction(cellScope('job:parked-letters'), work);
}
