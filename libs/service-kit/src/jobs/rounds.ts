import { withNewContext } from '../context/request-context.js';

/**
 * A job that comes round: each round begins so long after the last one has ended, under a context of its own. A round that
 * fails is told to `failed` and the next one comes all the same.
 */
export class Rounds {
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  readonly #stop = new AbortController();

  constructor(
    private readonly everyMs: number,
    private readonly round: () => Promise<unknown>,
    private readonly failed: (error: unknown) => void,
  ) {}

  /** Aborted once the process stops: a long round ends early by it. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** The first round comes after one interval. The timer keeps no process alive. */
  start(): void {
    this.#timer = setTimeout(() => {
      this.#running = withNewContext(() => this.#run());
    }, this.everyMs).unref();
  }

  /** No further round; resolves when the running one has ended. */
  async stop(): Promise<void> {
    this.#stop.abort();
    clearTimeout(this.#timer);
    await this.#running;
  }

  async #run(): Promise<void> {
    try {
      await this.round();
    } catch (error) {
      this.failed(error);
    }
    if (!this.signal.aborted) this.start();
  }
}
