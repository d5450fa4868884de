import type { Topic } from '@fangpin/contracts';
import { cellScope, type Database } from '@fangpin/persistence';
import type { Bus } from '../port.js';

/** A consumer group and what it follows. */
export interface FollowedTopics {
  readonly group: string;
  readonly topics: readonly Topic[];
}

/** What a group has still to apply of a topic. */
export interface ConsumerLag {
  readonly group: string;
  readonly topic: Topic;
  /** Messages between its progress in the database and the end of the topic, all partitions together. */
  readonly behind: number;
  /**
   * The oldest of them was written at least so many seconds ago, and less than twice as many: 0 (under 15), 15, 30, 60 … By the
   * clocks of its producer and of this process.
   */
  readonly oldestSeconds: number;
}

const FIRST_STEP_SECONDS = 15;
/** Eleven days: the longest step below what any topic keeps for a number of days. */
const LAST_STEP_SECONDS = FIRST_STEP_SECONDS * 2 ** 16;

/**
 * How far groups are behind: a question or two to the brokers for each topic, one to the database. The age is asked of the brokers,
 * step by step while something is unread: a process that was just started knows it as well as one that has watched.
 */
export async function consumerLags(
  bus: Bus,
  database: Database,
  followed: readonly FollowedTopics[],
): Promise<ConsumerLag[]> {
  // The ends come first: what is applied after that only makes the lag smaller than it was, never larger than it is.
  const ends = new Map<Topic, ReadonlyMap<number, bigint>>();
  for (const topic of new Set(followed.flatMap(({ topics }) => topics))) ends.set(topic, await bus.endOffsets(topic));
  const progress = await progressOfAll(
    database,
    followed.map(({ group }) => group),
  );
  const lags: ConsumerLag[] = [];
  for (const { group, topics } of followed)
    for (const topic of topics) {
      const positions = progress.get(`${group} ${topic.name}`) ?? new Map<number, bigint>();
      const unread = await unreadOf(bus, topic, ends.get(topic) ?? new Map<number, bigint>(), positions);
      const behind = Number(unread.reduce((sum, { next, end }) => sum + end - next, 0n));
      lags.push({ group, topic, behind, oldestSeconds: await oldestSeconds(bus, topic, unread) });
    }
  return lags;
}

interface Unread {
  readonly partition: number;
  readonly next: bigint;
  readonly end: bigint;
}

/** A partition that the group has never been given counts from its first kept message. */
async function unreadOf(
  bus: Bus,
  topic: Topic,
  ends: ReadonlyMap<number, bigint>,
  positions: ReadonlyMap<number, bigint>,
): Promise<Unread[]> {
  const known = [...ends.keys()].every((partition) => positions.has(partition));
  const starts = known ? positions : await bus.startOffsets(topic);
  return [...ends]
    .map(([partition, end]) => ({ partition, end, next: positions.get(partition) ?? starts.get(partition) ?? end }))
    .filter(({ next, end }) => next < end);
}

async function oldestSeconds(bus: Bus, topic: Topic, unread: readonly Unread[]): Promise<number> {
  let atLeast = 0;
  for (let step = FIRST_STEP_SECONDS; unread.length > 0 && step <= LAST_STEP_SECONDS; step *= 2) {
    const since = await bus.offsetsSince(topic, new Date(Date.now() - step * 1_000));
    // What was written since begins behind the position: something unread is older.
    if (!unread.some(({ partition, next }) => (since.get(partition) ?? next) > next)) break;
    atLeast = step;
  }
  return atLeast;
}

/** Next offsets by partition, by `<group> <topic>`. */
async function progressOfAll(
  database: Database,
  groups: readonly string[],
): Promise<ReadonlyMap<string, ReadonlyMap<number, bigint>>> {
  const rows = await database.transaction(cellScope('job:consumer-lag'), (tx) =>
    tx.query<{ consumer: string; topic: string; partition_no: number; next_offset: number }>(
      'SELECT consumer, topic, partition_no, next_offset FROM consumer_progress WHERE consumer = ANY($1::text[])',
      [groups],
    ),
  );
  const progress = new Map<string, Map<number, bigint>>();
  for (const row of rows) {
    const key = `${row.consumer} ${row.topic}`;
    const positions = progress.get(key) ?? new Map<number, bigint>();
    progress.set(key, positions.set(row.partition_no, BigInt(row.next_offset)));
  }
  return progress;
}
