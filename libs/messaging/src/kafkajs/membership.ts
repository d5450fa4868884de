type Heartbeat = () => Promise<void>;

/** One stay in the group, from a join to the next: batches wait until its seeks are made, heartbeats go on meanwhile. */
export class Membership {
  readonly #settled = Promise.withResolvers<boolean>();
  #ended = false;
  #refused: unknown;

  /** The seeks are made: batches may go in. */
  begin(): void {
    this.#settled.resolve(!this.#ended);
  }

  /** Left, crashed or joined anew: batches that still wait are dropped, they will be fetched again. */
  end(): void {
    this.#ended = true;
    this.#settled.resolve(false);
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Whether batches of this stay may be applied; waits until that is known. */
  async begun(): Promise<boolean> {
    return (await this.#settled.promise) && !this.#ended;
  }

  /** Sends heartbeats until the returned function is called. A refusal ends a wait in {@link begun} and shows in {@link check}. */
  keepAlive(heartbeat: Heartbeat, everyMs: number): () => void {
    const timer = setInterval(() => {
      heartbeat().catch((error: unknown) => {
        this.#refused ??= error;
        this.#settled.resolve(false);
      });
    }, everyMs);
    return () => clearInterval(timer);
  }

  /** Rejects once the group has refused a heartbeat of this stay. */
  async check(heartbeat: Heartbeat): Promise<void> {
    if (this.#refused !== undefined) throw this.#refused;
    if (this.#ended) throw new Error('this stay in the group has ended');
    try {
      await heartbeat();
    } catch (error) {
      this.#refused ??= error;
      throw error;
    }
  }
}
