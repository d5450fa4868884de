/**
 * Requests that come at the same time share a transaction: while one is being committed, the next group gathers. One
 * message alone waits for nobody; two hundred at once cost a few commits instead of two hundred.
 */
interface Waiting<T, R> {
  readonly item: T;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

export class GroupCommit<T, R> {
  #waiting: Waiting<T, R>[] = [];
  #running = 0;

  /** `run` answers each item of a group in order, or fails as a whole; then its items are run one by one. */
  constructor(
    private readonly run: (items: readonly T[]) => Promise<readonly R[]>,
    private readonly limits: {
      readonly groupSize: number;
      readonly atOnce: number;
      /** An error that is nobody's fault (database away): the group fails with it together, and senders come again. */
      readonly failsAll?: (error: unknown) => boolean;
    },
  ) {}

  submit(item: T): Promise<R> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      this.#start();
    });
  }

  #start(): void {
    while (this.#running < this.limits.atOnce && this.#waiting.length > 0) {
      this.#running += 1;
      const group = this.#waiting.splice(0, this.limits.groupSize);
      void this.#settle(group).finally(() => {
        this.#running -= 1;
        this.#start();
      });
    }
  }

  async #settle(group: readonly Waiting<T, R>[]): Promise<void> {
    try {
      const results = await this.run(group.map(({ item }) => item));
      group.forEach(({ resolve }, i) => resolve(results[i] as R));
    } catch (error) {
      const [only] = group;
      if (group.length === 1) return void only?.reject(error);
      if (this.limits.failsAll?.(error) === true) return group.forEach(({ reject }) => reject(error));
      // What one message breaks must not break its neighbours: each gets its own transaction and its own error.
      for (const waiting of group) await this.#settle([waiting]);
    }
  }
}
