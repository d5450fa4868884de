import type { Topic } from '@fangpin/contracts';
import type { Bus, BusSubscription, FetchedBatch } from '../../src/index.js';

/** Follows topics through the bare port and remembers what it was given. */
export class Follower {
  readonly batches: FetchedBatch[] = [];
  readonly assignments: string[][] = [];
  /** Most batches of one partition that were in hand at once. */
  mostAtOnce = 0;
  /** Set to reject or hold a batch. */
  onBatch: (batch: FetchedBatch) => Promise<void> = () => Promise.resolve();
  onAssigned: (subscription: BusSubscription, assigned: readonly { topic: Topic; partition: number }[]) => void = () =>
    undefined;
  #subscription: BusSubscription | undefined;
  readonly #inHand = new Map<string, number>();

  constructor(
    private readonly bus: Bus,
    private readonly group: string,
    private readonly topics: readonly Topic[],
  ) {}

  async start(): Promise<this> {
    this.#subscription = await this.bus.subscribe({
      group: this.group,
      topics: this.topics,
      onCrash: () => undefined,
      onAssigned: (assigned) => {
        this.assignments.push(assigned.map(({ topic, partition }) => `${topic.name}/${partition}`).sort());
        this.onAssigned(this.subscription, assigned);
        return Promise.resolve();
      },
      onBatch: async (batch) => {
        const key = `${batch.topic.name}/${batch.partition}`;
        const inHand = (this.#inHand.get(key) ?? 0) + 1;
        this.#inHand.set(key, inHand);
        this.mostAtOnce = Math.max(this.mostAtOnce, inHand);
        try {
          await this.onBatch(batch);
          this.batches.push(batch);
        } finally {
          this.#inHand.set(key, inHand - 1);
        }
      },
    });
    return this;
  }

  get subscription(): BusSubscription {
    if (!this.#subscription) throw new Error('not started');
    return this.#subscription;
  }

  get texts(): string[] {
    return this.batches.flatMap(({ messages }) => messages.map(({ value }) => Buffer.from(value).toString()));
  }

  textsOf(key: string): string[] {
    return this.batches.flatMap(({ messages }) =>
      messages.filter((message) => message.key === key).map(({ value }) => Buffer.from(value).toString()),
    );
  }
}

export function message(key: string, text: string, headers: Record<string, string> = {}) {
  return { key, value: Buffer.from(text), headers };
}
