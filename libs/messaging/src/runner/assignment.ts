import type { Topic } from '@fangpin/contracts';
import type { Scope } from '@fangpin/persistence';
import type { Database } from '@fangpin/persistence';
import type { Bus } from '../port.js';
import { ConsumerHalted } from './failures.js';
import { openProgress, partitionKey, type Position, type StoredPosition } from './progress.js';

/**
 * Where a consumer that was just given these partitions goes on: the database's offsets, the first kept one where it has
 * none. Halts when the stored offset is of another cluster or outside what the partition holds: jumping would lose events
 * in silence.
 */
export async function positionsOnAssignment(
  bus: Bus,
  database: Database,
  scope: Scope,
  consumer: string,
  assigned: readonly { readonly topic: Topic; readonly partition: number }[],
): Promise<readonly Position[]> {
  if (assigned.length === 0) return [];
  const clusterId = await bus.clusterId();
  const bounds = await boundsOf(bus, new Set(assigned.map(({ topic }) => topic)));
  const starts = assigned.map(({ topic, partition }) => ({
    topic,
    partition,
    nextOffset: boundsFor(bounds, topic, partition).start,
  }));
  const stored = await database.transaction(scope, (tx) => openProgress(tx, consumer, clusterId, starts));
  for (const position of stored)
    refuseLostPosition(position, clusterId, boundsFor(bounds, position.topic, position.partition));
  return stored;
}

/** What a partition holds: offsets from `start` up to, without, `end`. */
export interface Bounds {
  readonly start: bigint;
  readonly end: bigint;
}

/** Throws {@link ConsumerHalted} when going on from `position` would skip or repeat what is not known. */
export function refuseLostPosition(position: StoredPosition, clusterId: string, { start, end }: Bounds): void {
  const { nextOffset } = position;
  const where = partitionKey(position.topic, position.partition);
  if (position.clusterId !== clusterId)
    throw new ConsumerHalted(`${where}: progress belongs to cluster ${position.clusterId}, this is ${clusterId}`);
  if (nextOffset < start)
    throw new ConsumerHalted(`${where}: offsets ${nextOffset} to ${start - 1n} are gone before they were applied`);
  if (nextOffset > end)
    throw new ConsumerHalted(
      `${where}: progress is at ${nextOffset}, but the partition ends at ${end}: messages were lost`,
    );
}

async function boundsOf(bus: Bus, topics: ReadonlySet<Topic>): Promise<ReadonlyMap<string, Bounds>> {
  const bounds = new Map<string, Bounds>();
  for (const topic of topics) {
    const [starts, ends] = [await bus.startOffsets(topic), await bus.endOffsets(topic)];
    for (const [partition, start] of starts)
      bounds.set(partitionKey(topic, partition), { start, end: ends.get(partition) ?? start });
  }
  return bounds;
}

function boundsFor(bounds: ReadonlyMap<string, Bounds>, topic: Topic, partition: number): Bounds {
  const found = bounds.get(partitionKey(topic, partition));
  if (!found) throw new ConsumerHalted(`${partitionKey(topic, partition)}: the bus knows no such partition`);
  return found;
}
