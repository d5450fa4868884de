import type { Topic } from '@fangpin/contracts';

const EVERY_MS = 1_000;

export interface MirroredOffset {
  readonly topic: Topic;
  readonly partition: number;
  readonly nextOffset: bigint;
}

/** Tells Kafka now and then how far the database is. Nothing depends on it, so an error is left to the next time. */
export class OffsetMirror {
  #pending = new Map<string, MirroredOffset>();
  #timer: NodeJS.Timeout | undefined;
  #flushing: Promise<void> = Promise.resolve();

  constructor(private readonly commit: (offsets: readonly MirroredOffset[]) => Promise<void>) {}

  note(topic: Topic, partition: number, nextOffset: bigint): void {
    this.#pending.set(`${topic.name}/${partition}`, { topic, partition, nextOffset });
    this.#timer ??= setTimeout(() => void this.#flush(), EVERY_MS);
  }

  /** After a rebalance the partitions may be another member's. */
  forget(): void {
    this.#pending.clear();
  }

  async close(): Promise<void> {
    await this.#flush();
  }

  #flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const offsets = [...this.#pending.values()];
    this.#pending.clear();
    this.#flushing = this.#flushing
      .then(() => (offsets.length > 0 ? this.commit(offsets) : undefined))
      .catch(() => undefined);
    return this.#flushing;
  }
}
