/** The first statement of a batch's transaction. */
import type { Topic } from '@fangpin/contracts';
import { prepared, type Tx } from '@fangpin/persistence';
import { UNRESOLVED } from '../parked/parking-lot.js';
import { ConsumerHalted } from './failures.js';
import { partitionKey, type ConsumerName, type Position } from './progress.js';

export interface Move {
  readonly topic: Topic;
  readonly partition: number;
  /** Where this member believes the partition to be; undefined where it knows nothing of it. */
  readonly from: bigint | undefined;
  readonly to: bigint;
}

export interface Fenced {
  /** Whether the partition, by its key, is at the end of the batch now: it may be applied. */
  readonly hasMoved: (topic: Topic, partition: number) => boolean;
  /** Partitions that another member has moved, with the offset the database has. */
  readonly elsewhere: readonly Position[];
  /** Keys with unresolved letters, by topic; empty nearly always. */
  readonly unresolved: ReadonlyMap<string, ReadonlySet<string>>;
}

interface FenceRow {
  topic: string;
  partition_no: number | null;
  next_offset: number | null;
  moved: boolean | null;
  key: string | null;
}

/**
 * Rows are locked in a fixed order, so that two runners that meet cannot deadlock, and moved only from where they are expected, as
 * they are after the wait for the lock: so the comparison is made by `locked`, which reads the newest row, and not by the UPDATE.
 *
 * Letters are read along with them, as of the beginning of the statement. What another member parks while this one waits for its
 * lock is not seen, and need not be: that member has then moved the partition, which is left to whoever reads it next.
 */
const FENCE = prepared(
  `WITH move AS (
     SELECT * FROM unnest($2::text[], $3::int[], $4::bigint[], $5::bigint[]) AS m (topic, partition_no, since, until)
   ), locked AS (
     SELECT p.topic, p.partition_no, p.next_offset, move.since, move.until
       FROM consumer_progress p JOIN move USING (topic, partition_no)
      WHERE p.consumer = $1 ORDER BY p.topic, p.partition_no FOR UPDATE OF p
   ), moved AS (
     UPDATE consumer_progress p SET next_offset = l.until, updated_at = now() FROM locked l
      WHERE p.consumer = $1 AND p.topic = l.topic AND p.partition_no = l.partition_no AND l.next_offset = l.since
     RETURNING p.topic, p.partition_no
   )
   SELECT l.topic, l.partition_no, l.next_offset, m.topic IS NOT NULL AS moved, NULL AS key
     FROM locked l LEFT JOIN moved m USING (topic, partition_no)
   UNION ALL
   SELECT DISTINCT topic, NULL::int, NULL::bigint, NULL::boolean, key FROM parked_letters
    WHERE consumer = $1 AND topic = ANY($2::text[]) AND ${UNRESOLVED}`,
);

/**
 * Moves the progress of these partitions to the end of their batches, ahead of the effects that commit with it, and fences off
 * zombies: a row that does not stand where this member left it stays where it is. Throws {@link ConsumerHalted} where a row is gone.
 */
export async function fence(tx: Tx, consumer: ConsumerName, moves: readonly Move[]): Promise<Fenced> {
  const rows = await tx.query<FenceRow & Record<string, unknown>>(FENCE, [
    consumer,
    moves.map(({ topic }) => topic.name),
    moves.map(({ partition }) => partition),
    moves.map(({ from }) => (from === undefined ? null : String(from))),
    moves.map(({ to }) => String(to)),
  ]);
  const offsets = new Map<string, { readonly next: bigint; readonly moved: boolean }>();
  const unresolved = new Map<string, Set<string>>();
  for (const { topic, partition_no: partition, next_offset: next, moved, key } of rows)
    if (key === null) offsets.set(`${topic}/${partition}`, { next: BigInt(next ?? 0), moved: moved === true });
    else unresolved.set(topic, (unresolved.get(topic) ?? new Set()).add(key));
  const elsewhere = moves.flatMap(({ topic, partition }) => {
    const stored = offsets.get(partitionKey(topic, partition));
    if (stored === undefined) throw new ConsumerHalted(`${partitionKey(topic, partition)}: its progress row is gone`);
    return stored.moved ? [] : [{ topic, partition, nextOffset: stored.next }];
  });
  return {
    hasMoved: (topic, partition) => offsets.get(partitionKey(topic, partition))?.moved === true,
    elsewhere,
    unresolved,
  };
}
