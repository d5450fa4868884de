import { backoffMs } from '../backoff.js';
import { BusUnavailable } from '../bus-error.js';
import type { Log } from '../log.js';
import { describeFailure, isTransient } from '../runner/failures.js';
import type { FlightDeck } from './flight-deck.js';
import type { OutboxPublisher } from './outbox-publisher.js';
import type { OutboxRow, OutboxStore } from './outbox-store.js';

export interface RelayTimes {
  readonly everyMs: number;
  readonly renewEveryMs: number;
  readonly keepDays: number;
}

const CLAIMED_AT_ONCE = 500;
const BACKOFF = { firstMs: 200, mostMs: 15_000 };
const PURGE_EVERY_MS = 3_600_000;

/** Publishes rows that were left behind: by a crash, by a failed send, by this process while the bus was away. */
export class OutboxRelay {
  #timer: NodeJS.Timeout | undefined;
  #renewal: NodeJS.Timeout | undefined;
  #turn: Promise<void> = Promise.resolve();
  #started = false;
  #stopped = false;
  #failures = 0;
  #nextPurge = 0;
  /** Rows that fail for a reason of their own, and how many turns they sit out. */
  readonly #sittingOut = new Map<number, number>();

  constructor(
    private readonly store: OutboxStore,
    private readonly publisher: OutboxPublisher,
    private readonly deck: FlightDeck,
    private readonly log: Log,
    private readonly times: RelayTimes,
  ) {}

  start(): void {
    if (this.#started) return;
    this.#started = true;
    this.#renewal = setInterval(() => {
      this.store.renew(this.deck.flying()).catch(() => undefined);
    }, this.times.renewEveryMs);
    this.#schedule(this.times.everyMs);
  }

  /** Looks at once. */
  wake(): void {
    if (this.#started && this.#failures === 0) this.#schedule(0);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    clearInterval(this.#renewal);
    await this.#turn;
  }

  #schedule(ms: number): void {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#turn = this.#turn.then(() => this.#run());
    }, ms);
  }

  async #run(): Promise<void> {
    try {
      await this.#publishLeftBehind();
      this.#failures = 0;
      await this.#purge();
      this.#schedule(this.times.everyMs);
    } catch (error) {
      const ms = backoffMs(this.#failures++, BACKOFF);
      this.log.warn({ reason: describeFailure(error).code, ms: Math.round(ms) }, 'the outbox relay waits');
      this.#schedule(ms);
    }
  }

  async #publishLeftBehind(): Promise<void> {
    for (const [id, turns] of this.#sittingOut) if (turns > 0) this.#sittingOut.set(id, turns - 1);
    while (!this.#stopped) {
      this.deck.beforeLook();
      // While the deck is grounded, this process's own rows are the relay's at once; else only those with an old lease.
      const own = this.deck.grounded;
      const rows = await this.store.claim(
        own,
        [...(own ? this.deck.flying() : []), ...this.#barred()],
        CLAIMED_AT_ONCE,
      );
      if (rows.length > 0) await this.#publish(rows);
      else if (this.deck.lift()) return;
    }
  }

  async #publish(rows: readonly OutboxRow[]): Promise<void> {
    try {
      await this.publisher.publishRows(rows);
    } catch (error) {
      if (error instanceof BusUnavailable || isTransient(error)) throw error;
      const [only] = rows;
      if (rows.length > 1) for (const row of rows) await this.#publish([row]);
      else if (only) {
        this.log.error(
          { row: only.id, topic: only.topic, code: describeFailure(error).code },
          'an outbox row cannot be published',
        );
        this.#sittingOut.set(only.id, Math.min(600, 2 ** Math.min(only.attempts, 9)));
      }
    }
  }

  #barred(): number[] {
    return [...this.#sittingOut].filter(([, turns]) => turns > 0).map(([id]) => id);
  }

  async #purge(): Promise<void> {
    if (performance.now() < this.#nextPurge) return;
    this.#nextPurge = performance.now() + PURGE_EVERY_MS;
    const purged = await this.store.purge(this.times.keepDays);
    if (purged > 0) this.log.info({ purged }, 'old outbox rows are gone');
  }
}
