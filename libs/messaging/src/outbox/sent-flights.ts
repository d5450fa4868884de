import type { Flight, OutboxPublisher } from './outbox-publisher.js';

/**
 * Flights that are acknowledged and not yet noted as published. They are noted beside the sending, all that wait in one
 * transaction: the next flight must not wait for the bookkeeping of the one before.
 */
export class SentFlights {
  #waiting: Flight[] = [];
  #noting: readonly Flight[] = [];
  #running: Promise<void> = Promise.resolve();
  #active = false;

  /** `onFailure`: they are not noted, and nobody tries again here; the relay sends them once more. */
  constructor(
    private readonly publisher: Pick<OutboxPublisher, 'note'>,
    private readonly onFailure: (error: unknown) => void,
    private readonly onEmpty: () => void,
  ) {}

  get flights(): readonly Flight[] {
    return [...this.#noting, ...this.#waiting];
  }

  take(flight: Flight): void {
    this.#waiting.push(flight);
    if (!this.#active) this.#running = this.#run();
  }

  /** Resolves when all are noted, or have failed. */
  settled(): Promise<void> {
    return this.#running;
  }

  async #run(): Promise<void> {
    this.#active = true;
    while (this.#waiting.length > 0) {
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
