import { TooBusy } from './too-busy.js';

interface Waiting<T, R> {
  readonly item: T;
  /** Milliseconds of the process's own clock. */
  readonly since: number;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

export interface GroupLimits {
  readonly groupSize: number;
  readonly atOnce: number;
  /** So many wait at most; who comes then is refused ({@link TooBusy}). */
  readonly mostWaiting: number;
  /** Who has not been begun with by then is refused too: its sender has given up, or is about to. Milliseconds. */
  readonly longestWaitMs: number;
  /** An error that is nobody's fault (database away): the group fails with it together, and senders come again. */
  readonly failsAll?: (error: unknown) => boolean;
}

/**
 * Requests that come at the same time share a transaction: while one is being committed, the next group gathers. One
 * message alone waits for nobody; two hundred at once cost a few commits instead of two hundred. While the database stands
 * still the queue grows no further than its limits, and nobody waits in it for good.
 */
export class GroupCommit<T, R> {
  #waiting: Waiting<T, R>[] = [];
  #running = 0;
  #timer: NodeJS.Timeout | undefined;

  /** `run` answers each item of a group in order, or fails as a whole; then its items are run one by one. */
  constructor(
    private readonly run: (items: readonly T[]) => Promise<readonly R[]>,
    private readonly limits: GroupLimits,
  ) {}

  /** Refuses when too many wait already, and what has waited too long ({@link TooBusy}); neither has been run. */
  submit(item: T): Promise<R> {
    if (this.#waiting.length >= this.limits.mostWaiting) return Promise.reject(new TooBusy());
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, since: performance.now(), resolve, reject });
      this.#start();
      this.#watch();
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

  /** One timer for all: they wait in the order in which they came. */
  #watch(): void {
    const [oldest] = this.#waiting;
    if (this.#timer !== undefined || oldest === undefined) return;
    const { longestWaitMs } = this.limits;
    const look = (): void => {
      this.#timer = undefined;
      const since = performance.now() - longestWaitMs;
      const inTime = this.#waiting.findIndex((one) => one.since > since);
      const late = this.#waiting.splice(0, inTime === -1 ? this.#waiting.length : inTime);
      for (const { reject } of late) reject(new TooBusy());
      this.#watch();
    };
    this.#timer = setTimeout(look, Math.max(1, oldest.since + longestWaitMs - performance.now())).unref();
  }
}
