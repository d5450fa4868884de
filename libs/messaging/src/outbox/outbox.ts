import { randomUUID } from 'node:crypto';
import type { Topic } from '@fangpin/contracts';
import type { Database, Tx } from '@fangpin/persistence';
import { silentLog, type Log } from '../log.js';
import type { Bus, OutgoingMessage } from '../port.js';
import { FlightDeck } from './flight-deck.js';
import { OutboxPublisher } from './outbox-publisher.js';
import { OutboxRelay } from './outbox-relay.js';
import { OutboxStore } from './outbox-store.js';
import type { OutboxReference, OutboxSource } from './source.js';

export interface OutboxOptions {
  readonly log?: Log;
  /** How long this process has for what it stored before another may publish it; 15 seconds. */
  readonly leaseMs?: number;
  /** How often the relay looks for rows that were left behind; one second. */
  readonly relayEveryMs?: number;
  /** How long what is sent may gather before it is noted as published; a fifth of a second. */
  readonly noteWithinMs?: number;
  /** How long published rows are kept; 15 days, longer than Kafka keeps any message that is not compacted. */
  readonly keepDays?: number;
}

/**
 * Messages stored in the transaction of what they tell, published after its commit: at once from memory by this process,
 * or by a relay from the table when the process or the bus fails. At least once; revisions make repeats harmless.
 */
export class Outbox {
  readonly #store: OutboxStore;
  readonly #deck: FlightDeck;
  readonly #publisher: OutboxPublisher;
  readonly #relay: OutboxRelay;
  readonly #sources = new Map<string, OutboxSource>();

  constructor(bus: Bus, database: Database, options: OutboxOptions = {}) {
    const log = options.log ?? silentLog;
    const leaseMs = options.leaseMs ?? 15_000;
    this.#store = new OutboxStore(database, randomUUID(), leaseMs);
    this.#publisher = new OutboxPublisher(bus, database, this.#store, this.#sources);
    this.#deck = new FlightDeck(this.#publisher, () => this.#relay.wake(), log, options.noteWithinMs ?? 200);
    this.#relay = new OutboxRelay(this.#store, this.#publisher, this.#deck, log, {
      everyMs: options.relayEveryMs ?? 1_000,
      renewEveryMs: leaseMs / 3,
      keepDays: options.keepDays ?? 15,
    });
  }

  /** Before `start`: who renders the rows that hold a reference. */
  registerSource(source: OutboxSource): void {
    if (this.#sources.has(source.name)) throw new Error(`outbox source ${source.name} is registered twice`);
    this.#sources.set(source.name, source);
  }

  /** Starts the relay. Without it, messages are still published at once, but what fails stays where it is. */
  start(): void {
    this.#relay.start();
  }

  /** Stores messages in the caller's transaction; they are published in this order once it is committed. */
  async add(tx: Tx, topic: Topic, messages: readonly OutgoingMessage[]): Promise<void> {
    if (messages.length === 0) return;
    const ids = await this.#store.insertMessages(tx, topic, messages);
    tx.afterCommit(() => this.#deck.take({ ids, topic, messages }));
  }

  /** The same with one row that holds only the reference; the messages given are published from memory. */
  async addReference(
    tx: Tx,
    { source, ref, topic, messages }: OutboxReference & { topic: Topic; messages: readonly OutgoingMessage[] },
  ): Promise<void> {
    if (!this.#sources.has(source)) throw new Error(`no outbox source ${source} is registered`);
    const id = await this.#store.insertReference(tx, topic, { source, ref });
    tx.afterCommit(() => this.#deck.take({ ids: [id], topic, messages, reference: { source, ref } }));
  }

  /** Resolves when nothing of this process is in flight and nothing it could publish is left behind. */
  async drained(): Promise<void> {
    await this.#deck.empty();
  }

  /** Messages in memory and whether the bus takes them; for health and metrics. */
  health(): { readonly state: 'publishing' | 'waiting-for-bus'; readonly inFlight: number } {
    return { state: this.#deck.grounded ? 'waiting-for-bus' : 'publishing', inFlight: this.#deck.flying().length };
  }

  /** Ends after the running send. What is not acknowledged then stays in the table, free for the next relay. */
  async close(): Promise<void> {
    await this.#relay.stop();
    await this.#deck.close();
    await this.#publisher.close();
    // Best effort: without it the leases run out by themselves.
    await this.#store.release().catch(() => undefined);
  }
}
