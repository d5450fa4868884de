import type { Topic } from '@fangpin/contracts';
import type { Tx } from '@fangpin/persistence';

/**
 * Takes the locks of these keys until the transaction ends, in one order for everybody. A replay always takes its key's;
 * live work only while its topic has unresolved letters: a key is never changed by both at once.
 */
export async function lockKeys(tx: Tx, consumer: string, topic: Topic, keys: Iterable<string>): Promise<void> {
  const sorted = [...new Set(keys)].sort();
  if (sorted.length === 0) return;
  await tx.execute(
    `SELECT pg_advisory_xact_lock(lock) FROM (
       SELECT DISTINCT hashtextextended($1 || '/' || $2 || '/' || key, 0) AS lock FROM unnest($3::text[]) AS keys(key)
       ORDER BY lock) AS locks`,
    [consumer, topic.name, sorted],
  );
}
