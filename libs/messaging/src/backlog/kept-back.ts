import { cellScope, type Database } from '@fangpin/persistence';

/** Rows of the outbox of one topic that the bus has not acknowledged. */
export interface UnpublishedRows {
  readonly topic: string;
  readonly rows: number;
  /** Since the oldest was stored, by the database's clock. */
  readonly oldestSeconds: number;
}

/** Letters of one consumer and topic that need somebody, with those that wait behind them. */
export interface UnresolvedLetters {
  readonly consumer: string;
  readonly topic: string;
  readonly letters: number;
  readonly oldestSeconds: number;
}

/** What a service has stored and not got rid of: unsaid, or not applied. */
export interface KeptBack {
  readonly unpublished: readonly UnpublishedRows[];
  readonly letters: readonly UnresolvedLetters[];
}

/** One statement over two partial indexes: it costs as much as there is kept back, next to nothing when all is well. */
const KEPT_BACK = `
  SELECT NULL AS consumer, topic, count(*)::int AS n,
         extract(epoch FROM clock_timestamp() - min(created_at))::float8 AS seconds
    FROM outbox WHERE published_at IS NULL GROUP BY topic
  UNION ALL
  SELECT consumer, topic, count(*)::int, extract(epoch FROM clock_timestamp() - min(parked_at))::float8
    FROM parked_letters WHERE status IN ('parked', 'waiting', 'replay') GROUP BY consumer, topic`;

/** Counts what is kept back; topics and consumers that have nothing are absent. */
export async function keptBack(database: Database): Promise<KeptBack> {
  const rows = await database.transaction(cellScope('job:kept-back'), (tx) =>
    tx.query<{ consumer: string | null; topic: string; n: number; seconds: number }>(KEPT_BACK),
  );
  const unpublished: UnpublishedRows[] = [];
  const letters: UnresolvedLetters[] = [];
  for (const { consumer, topic, n, seconds: oldestSeconds } of rows)
    if (consumer === null) unpublished.push({ topic, rows: n, oldestSeconds });
    else letters.push({ consumer, topic, letters: n, oldestSeconds });
  return { unpublished, letters };
}
