import type { Log } from '../log.js';
import { describeFailure } from '../runner/failures.js';
import type { Flight, OutboxPublisher } from './outbox-publisher.js';
import { SentFlights } from './sent-flights.js';

/** Beyond this, messages are left to the relay, which reads them from the table: memory stays bounded while the bus is slow. */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * What this process publishes from memory, one flight after the other; what is sent is noted beside. A failure grounds it: everything waiting is
 * left to the relay, which goes by id, so that the order of a key is kept; when the relay has caught up, it lifts the ban.
 */
export class FlightDeck {
  #queue: Flight[] = [];
  #bytes = 0;
  #flying: Flight | undefined;
  #grounded = false;
  /** Something was left to the relay since it last looked. */
  #leftBehind = false;
  #active = false;
  #closed = false;
  #running: Promise<void> = Promise.resolve();
  #onEmpty: (() => void)[] = [];
  readonly #sent: SentFlights;

  constructor(
    private readonly publisher: OutboxPublisher,
    private readonly onGrounded: () => void,
    private readonly log: Log,
    /** How long what is sent gathers before it is noted; see {@link SentFlights}. */
    gatherMs: number,
  ) {
    this.#sent = new SentFlights(
      publisher,
      (error) => this.#ground(describeFailure(error).code),
      () => this.#tellIfEmpty(),
      gatherMs,
    );
  }

  get grounded(): boolean {
    return this.#grounded;
  }

  take(flight: Flight): void {
    if (this.#closed) return;
    if (this.#grounded) return void (this.#leftBehind = true);
    this.#bytes += bytesOf(flight);
    this.#queue.push(flight);
    if (this.#bytes > MOST_BYTES) return this.#ground('memory');
    if (!this.#active) this.#running = this.#run();
  }

  /** The relay is about to look. */
  beforeLook(): void {
    this.#leftBehind = false;
  }

  /** Ids of rows that are this process's and on their way. */
  flying(): number[] {
    const own = [...this.#sent.flights, ...(this.#flying ? [this.#flying] : []), ...this.#queue];
    return own.flatMap((flight) => flight.ids);
  }

  /** The relay has found nothing any more. False when something was left behind after it had looked. */
  lift(): boolean {
    if (this.#leftBehind) return false;
    this.#grounded = false;
    this.#tellIfEmpty();
    return true;
  }

  empty(): Promise<void> {
    return new Promise((resolve) => {
      this.#onEmpty.push(resolve);
      this.#sent.hurry();
      this.#tellIfEmpty();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#queue = [];
    await this.#running;
    await this.#sent.settled();
  }

  async #run(): Promise<void> {
    this.#active = true;
    for (;;) {
      // One turn of the event loop, so that transactions that commit together travel together.
      await new Promise<void>((resolve) => void setImmediate(resolve));
      const flight = this.#next();
      if (!flight) break;
      this.#flying = flight;
      try {
        await this.publisher.send(flight);
        this.#sent.take(flight);
        if (this.#onEmpty.length > 0) this.#sent.hurry();
      } catch (error) {
        this.#ground(describeFailure(error).code);
      }
      this.#flying = undefined;
    }
    this.#active = false;
    this.#tellIfEmpty();
  }

  /**
   * The first live flight, else the first of all, together with those of the same topic right behind it. A topic is of one
   * lane, so that what is live overtakes and the order of every key is kept.
   */
  #next(): Flight | undefined {
    const at = Math.max(
      0,
      this.#queue.findIndex(({ topic }) => topic.lane !== 'bulk'),
    );
    const [first] = this.#queue.splice(at, 1);
    if (!first) return undefined;
    this.#bytes -= bytesOf(first);
    if (first.reference) return first;
    const ids = [...first.ids];
    const messages = [...first.messages];
    for (;;) {
      const next = this.#queue[at];
      if (!next || next.reference || next.topic.name !== first.topic.name) break;
      this.#queue.splice(at, 1);
      this.#bytes -= bytesOf(next);
      ids.push(...next.ids);
      messages.push(...next.messages);
    }
    return { ids, topic: first.topic, messages };
  }

  #ground(reason: string): void {
    this.log.warn({ reason, waiting: this.#queue.length }, 'outbox is left to the relay');
    this.#grounded = true;
    this.#queue = [];
    this.#bytes = 0;
    this.onGrounded();
  }

  #tellIfEmpty(): void {
    if (this.#grounded || this.#flying || this.#queue.length > 0 || this.#sent.flights.length > 0) return;
    for (const tell of this.#onEmpty.splice(0)) tell();
  }
}

function bytesOf(flight: Flight): number {
  let bytes = 0;
  for (const { value } of flight.messages) bytes += value.length;
  return bytes;
}
