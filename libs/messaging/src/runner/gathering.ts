import type { FetchedBatch } from '../port.js';

/** A fetched batch that waits for its transaction; its adapter waits for `done` or `again`. */
export interface GatheredBatch {
  readonly batch: FetchedBatch;
  readonly heartbeat: () => Promise<void>;
  /** Applied, or of no use any more: the next one may come. */
  done(): void;
  /** Not applied: fetch it again. */
  again(reason: Error): void;
}

/**
 * Batches of several partitions on their way into one transaction. What arrives while a transaction runs waits together
 * for the next one; what one fetch has brought is delivered in the same moment, so one turn of the event loop gathers it.
 */
export class Gathering {
  #waiting: GatheredBatch[] = [];
  #running = false;
  #endedAt = -Infinity;

  constructor(private readonly apply: (batches: readonly GatheredBatch[]) => Promise<void>) {}

  /** Resolves when the batch is done with. */
  add(batch: FetchedBatch, heartbeat: () => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ batch, heartbeat, done: resolve, again: reject });
      if (!this.#running) void this.#run();
    });
  }

  /** For how long nothing has waited or been applied; 0 while something is. */
  idleMs(): number {
    return this.#running ? 0 : performance.now() - this.#endedAt;
  }

  /** Gives back everything that waits. */
  release(reason: Error): void {
    for (const waiting of this.#waiting.splice(0)) waiting.again(reason);
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#waiting.length > 0) {
      await new Promise<void>((resolve) => void setImmediate(resolve));
      const batches = this.#waiting.splice(0);
      if (batches.length > 0) await this.apply(batches);
    }
    this.#running = false;
    this.#endedAt = performance.now();
  }
}
