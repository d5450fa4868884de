import { rest } from '../backoff.js';
import type { Flight, OutboxPublisher, SentFlight } from './outbox-publisher.js';

/**
 * Flights that are acknowledged and not yet noted as published. They are noted beside the sending, all that gathered in one
 * transaction: the next flight must not wait for the bookkeeping of the one before, and single events come one by one, so that a
 * transaction for each would cost as much as what they tell of. A crash meanwhile sends them again, which is harmless.
 */
export class SentFlights {
  #waiting: SentFlight[] = [];
  #noting: readonly SentFlight[] = [];
  #running: Promise<void> = Promise.resolve();
  #active = false;
  #hurry = new AbortController();

  /** `onFailure`: they are not noted, and nobody tries again here; the relay sends them once more. */
  constructor(
    private readonly publisher: Pick<OutboxPublisher, 'note' | 'isAwaited'>,
    private readonly onFailure: (error: unknown) => void,
    private readonly onEmpty: () => void,
    /** How long they gather where nobody waits for them. */
    private readonly gatherMs: number,
  ) {}

  get flights(): readonly SentFlight[] {
    return [...this.#noting, ...this.#waiting];
  }

  take({ ids, reference }: Pick<Flight, 'ids' | 'reference'>): void {
    const sent = { ids, ...(reference && { reference }), acknowledgedAt: performance.now() };
    this.#waiting.push(sent);
    if (this.publisher.isAwaited(sent)) this.hurry();
    if (!this.#active) this.#running = this.#run();
  }

  /** Notes what has gathered without waiting for more. */
  hurry(): void {
    this.#hurry.abort();
  }

  /** Resolves when all are noted, or have failed. */
  settled(): Promise<void> {
    this.hurry();
    return this.#running;
  }

  async #run(): Promise<void> {
    this.#active = true;
    while (this.#waiting.length > 0) {
      await rest(this.gatherMs, this.#hurry.signal);
      this.#hurry = new AbortController();
      this.#noting = this.#waiting;
      this.#waiting = [];
      try {
        await this.publisher.note(this.#noting);
      } catch (error) {
        this.#waiting = [];
        this.onFailure(error);
      }
      this.#noting = [];
    }
    this.#active = false;
    this.onEmpty();
  }
}
