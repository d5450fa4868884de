import type { ServiceName, Topic } from '@fangpin/contracts';
import { cellScope, type Database, type Tx } from '@fangpin/persistence';

/** Names a consumer's rows: its group, which is the service's name unless it rebuilds. */
export type ConsumerName = ServiceName | (string & {});

export interface Position {
  readonly topic: Topic;
  readonly partition: number;
  readonly nextOffset: bigint;
}

export interface StoredPosition extends Position {
  readonly clusterId: string;
}

interface ProgressRow {
  topic: string;
  partition_no: number;
  next_offset: number;
  cluster_id: string;
}

/** `registry.household.v1/3`: a partition in maps and logs. */
export function partitionKey(topic: Topic, partition: number): string {
  return `${topic.name}/${partition}`;
}

/** Makes the rows that are missing at the given offsets and answers what is stored for each. */
export async function openProgress(
  tx: Tx,
  consumer: ConsumerName,
  clusterId: string,
  starts: readonly Position[],
): Promise<StoredPosition[]> {
  const columns = [starts.map((s) => s.topic.name), starts.map((s) => s.partition)];
  await tx.execute(
    `INSERT INTO consumer_progress (consumer, topic, partition_no, next_offset, cluster_id)
     SELECT $1, topic, partition_no, next_offset, $2
       FROM unnest($3::text[], $4::int[], $5::bigint[]) AS start(topic, partition_no, next_offset)
         ON CONFLICT DO NOTHING`,
    [consumer, clusterId, ...columns, starts.map((s) => String(s.nextOffset))],
  );
  const rows = await tx.query<ProgressRow>(
    `SELECT topic, partition_no, next_offset, cluster_id FROM consumer_progress
      WHERE consumer = $1 AND (topic, partition_no) IN (SELECT * FROM unnest($2::text[], $3::int[]))`,
    [consumer, ...columns],
  );
  return withTopics(rows, starts);
}

/** Locks the rows of these partitions in a fixed order, so that two runners that meet cannot deadlock. */
export async function lockProgress(
  tx: Tx,
  consumer: ConsumerName,
  partitions: readonly Pick<Position, 'topic' | 'partition'>[],
): Promise<StoredPosition[]> {
  const rows = await tx.query<ProgressRow>(
    `SELECT topic, partition_no, next_offset, cluster_id FROM consumer_progress
      WHERE consumer = $1 AND (topic, partition_no) IN (SELECT * FROM unnest($2::text[], $3::int[]))
      ORDER BY topic, partition_no FOR UPDATE`,
    [consumer, partitions.map((p) => p.topic.name), partitions.map((p) => p.partition)],
  );
  return withTopics(rows, partitions);
}

/** Moves locked rows from one offset to the next; false when one of them was not where it should be. */
export async function advanceProgress(
  tx: Tx,
  consumer: ConsumerName,
  moves: readonly { topic: Topic; partition: number; from: bigint; to: bigint }[],
): Promise<boolean> {
  const moved = await tx.execute(
    `UPDATE consumer_progress AS progress SET next_offset = move.until, updated_at = now()
       FROM unnest($2::text[], $3::int[], $4::bigint[], $5::bigint[]) AS move(topic, partition_no, since, until)
      WHERE progress.consumer = $1 AND progress.topic = move.topic AND progress.partition_no = move.partition_no
        AND progress.next_offset = move.since`,
    [
      consumer,
      moves.map((m) => m.topic.name),
      moves.map((m) => m.partition),
      moves.map((m) => String(m.from)),
      moves.map((m) => String(m.to)),
    ],
  );
  return moved === moves.length;
}

/**
 * Next offset by partition as the database has it: everything below is applied and committed. Partitions that this group
 * has never been given are absent.
 */
export async function progressOf(
  database: Database | Tx,
  group: ConsumerName,
  topic: Topic,
): Promise<ReadonlyMap<number, bigint>> {
  const sql = 'SELECT partition_no, next_offset FROM consumer_progress WHERE consumer = $1 AND topic = $2';
  const ask = (tx: Tx): Promise<ProgressRow[]> => tx.query<ProgressRow>(sql, [group, topic.name]);
  const rows =
    'transaction' in database ? await database.transaction(cellScope('job:progress'), ask) : await ask(database);
  return new Map(rows.map((row) => [row.partition_no, BigInt(row.next_offset)]));
}

function withTopics(
  rows: readonly ProgressRow[],
  known: readonly Pick<Position, 'topic' | 'partition'>[],
): StoredPosition[] {
  const topics = new Map(known.map(({ topic }) => [topic.name, topic]));
  return rows.flatMap((row) => {
    const topic = topics.get(row.topic);
    return topic
      ? [{ topic, partition: row.partition_no, nextOffset: BigInt(row.next_offset), clusterId: row.cluster_id }]
      : [];
  });
}
