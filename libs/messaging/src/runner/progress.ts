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
