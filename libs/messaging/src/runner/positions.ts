import type { Topic } from '@fangpin/contracts';
import type { Bus, FetchedBatch } from '../port.js';
import { ConsumerHalted } from './failures.js';
import { partitionKey, type Position } from './progress.js';

/** Where this member believes each of its partitions to be: what the database said at the join, moved by its own commits. */
export class Positions {
  readonly #offsets = new Map<string, bigint>();
  /** Positions that were sought already and brought a gap again. */
  readonly #sought = new Map<string, bigint>();

  replace(positions: readonly Position[]): void {
    this.#offsets.clear();
    this.#sought.clear();
    for (const { topic, partition, nextOffset } of positions) this.set(topic, partition, nextOffset);
  }

  set(topic: Topic, partition: number, nextOffset: bigint): void {
    this.#offsets.set(partitionKey(topic, partition), nextOffset);
  }

  get(topic: Topic, partition: number): bigint | undefined {
    return this.#offsets.get(partitionKey(topic, partition));
  }

  /** Whether a batch follows on the position; otherwise the offset to seek to, so that the right one comes. */
  async judge({ topic, partition, fetchedFrom }: FetchedBatch, bus: Bus): Promise<'apply' | bigint> {
    const position = this.get(topic, partition);
    // Not ours any more: fetched before a rebalance that has taken it away.
    if (position === undefined) return fetchedFrom;
    if (fetchedFrom === position) return 'apply';
    if (fetchedFrom > position) {
      const start = (await bus.startOffsets(topic)).get(partition) ?? 0n;
      const where = partitionKey(topic, partition);
      if (position < start)
        throw new ConsumerHalted(`${where}: offsets ${position} to ${start - 1n} are gone before they were applied`);
      // Sought before and again a gap: compaction has emptied it, and the client has stepped over.
      if (topic.keep === 'compact' && this.#sought.get(where) === position) return 'apply';
      this.#sought.set(where, position);
    }
    return position;
  }
}
