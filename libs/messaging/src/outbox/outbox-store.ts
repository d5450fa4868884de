import { topicCatalogue, type Topic } from '@fangpin/contracts';
import { cellScope, prepared, type Database, type Tx } from '@fangpin/persistence';
import type { OutgoingMessage } from '../port.js';
import type { OutboxReference } from './source.js';

export interface OutboxRow {
  readonly id: number;
  readonly topic: string;
  readonly key: string | null;
  readonly value: Buffer | null;
  readonly headers: Record<string, string> | null;
  readonly source: string | null;
  readonly ref: Record<string, unknown> | null;
  readonly attempts: number;
}

const SCOPE = cellScope('job:outbox');
const BULK_TOPICS = topicCatalogue.filter(({ lane }) => lane === 'bulk').map(({ name }) => name);

const INSERT_MESSAGES = prepared(
  `INSERT INTO outbox (topic, key, value, headers, leased_by, lease_until)
   SELECT $1, key, value, headers, $2, clock_timestamp() + $3 * interval '1 ms'
     FROM unnest($4::text[], $5::bytea[], $6::jsonb[]) WITH ORDINALITY AS message(key, value, headers, n) ORDER BY n
   RETURNING id`,
);
const INSERT_REFERENCE = prepared(
  `INSERT INTO outbox (topic, source, ref, leased_by, lease_until)
   VALUES ($1, $2, $3, $4, clock_timestamp() + $5 * interval '1 ms') RETURNING id`,
);

const MARK_PUBLISHED = prepared(
  `UPDATE outbox SET published_at = clock_timestamp() - sent.ago * interval '1 ms'
     FROM unnest($1::bigint[], $2::float8[]) AS sent (id, ago) WHERE outbox.id = sent.id`,
);

/** The outbox table. Leases are by the database's clock: instances need not agree on the time. */
export class OutboxStore {
  constructor(
    private readonly database: Database,
    /** Names this process; another process takes a row only when its lease has run out. */
    private readonly owner: string,
    private readonly leaseMs: number,
  ) {}

  async insertMessages(tx: Tx, topic: Topic, messages: readonly OutgoingMessage[]): Promise<number[]> {
    const rows = await tx.query<{ id: number }>(INSERT_MESSAGES, [
      topic.name,
      this.owner,
      this.leaseMs,
      messages.map((message) => message.key),
      messages.map(({ value }) => Buffer.from(value.buffer, value.byteOffset, value.byteLength)),
      messages.map((message) => JSON.stringify(message.headers)),
    ]);
    return rows.map((row) => row.id);
  }

  async insertReference(tx: Tx, topic: Topic, { source, ref }: OutboxReference): Promise<number> {
    const values = [topic.name, source, JSON.stringify(ref), this.owner, this.leaseMs];
    const [row] = await tx.query<{ id: number }>(INSERT_REFERENCE, values);
    if (!row) throw new Error('the outbox gave no id');
    return row.id;
  }

  /**
   * Oldest unpublished rows whose lease has run out, or that are this process's (`own`), with a new lease; not `except`. Those
   * of bulk topics only when no others are left.
   */
  claim(own: boolean, except: readonly number[], limit: number): Promise<OutboxRow[]> {
    return this.transaction(async (tx) => {
      const live = await this.#claimOf(tx, own, except, limit, false);
      return live.length > 0 ? live : this.#claimOf(tx, own, except, limit, true);
    });
  }

  async #claimOf(tx: Tx, own: boolean, except: readonly number[], limit: number, bulk: boolean): Promise<OutboxRow[]> {
    const rows = await tx.query<OutboxRow & Record<string, unknown>>(
      `WITH due AS (
         SELECT id FROM outbox
          WHERE published_at IS NULL AND (lease_until < clock_timestamp() OR ($5 AND leased_by = $1)) AND id <> ALL($2::bigint[])
            AND (topic = ANY($6::text[])) = $7
          ORDER BY id LIMIT $3 FOR UPDATE SKIP LOCKED)
       UPDATE outbox SET leased_by = $1, lease_until = clock_timestamp() + $4 * interval '1 ms', attempts = attempts + 1
         FROM due WHERE outbox.id = due.id
       RETURNING outbox.id, topic, key, value, headers, source, ref, attempts`,
      [this.owner, except, limit, this.leaseMs, own, BULK_TOPICS, bulk],
    );
    return rows.sort((a, b) => a.id - b.id);
  }

  /** Keeps rows that are still on their way this process's. */
  async renew(ids: readonly number[]): Promise<void> {
    if (ids.length === 0) return;
    await this.transaction((tx) =>
      tx.execute(
        "UPDATE outbox SET lease_until = clock_timestamp() + $2 * interval '1 ms' WHERE id = ANY($1::bigint[])",
        [ids, this.leaseMs],
      ),
    );
  }

  /** Frees what this process has not published. */
  async release(): Promise<void> {
    await this.transaction((tx) =>
      tx.execute('UPDATE outbox SET lease_until = clock_timestamp() WHERE leased_by = $1 AND published_at IS NULL', [
        this.owner,
      ]),
    );
  }

  /** `agoMs`: how long ago the bus had acknowledged it; what is sent may have gathered before it is marked. */
  async markPublished(tx: Tx, sent: readonly { readonly id: number; readonly agoMs: number }[]): Promise<void> {
    await tx.execute(MARK_PUBLISHED, [sent.map(({ id }) => id), sent.map(({ agoMs }) => agoMs)]);
  }

  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.database.transaction(SCOPE, work);
  }

  /** Deletes rows that were published so many days ago; answers how many. */
  purge(days: number): Promise<number> {
    return this.transaction((tx) =>
      tx.execute("DELETE FROM outbox WHERE published_at < clock_timestamp() - $1 * interval '1 day'", [days]),
    );
  }
}
