import { topicCatalogue, type Topic } from '@fangpin/contracts';
import type { Database } from '@fangpin/persistence';
import { BusRefused } from '../bus-error.js';
import type { Bus, BusProducer, OutgoingMessage } from '../port.js';
import type { OutboxRow, OutboxStore } from './outbox-store.js';
import type { OutboxReference, OutboxSource } from './source.js';

/** Rows of one transaction with their messages at hand. */
export interface Flight {
  readonly ids: readonly number[];
  readonly topic: Topic;
  readonly messages: readonly OutgoingMessage[];
  readonly reference?: OutboxReference;
}

/** What is noted of a flight once it is sent; its messages need not be kept any longer. */
export interface SentFlight extends Pick<Flight, 'ids' | 'reference'> {
  /** When all of it was acknowledged, by this process's performance.now(). */
  readonly acknowledgedAt: number;
}

const RENDERED_AT_ONCE = 500;

/** Sends, waits for the acknowledgement, then marks the rows. A crash in between sends again: harmless. */
export class OutboxPublisher {
  readonly #topics = new Map(topicCatalogue.map((topic) => [topic.name, topic]));
  #producer: Promise<BusProducer> | undefined;

  constructor(
    private readonly bus: Bus,
    private readonly database: Database,
    private readonly store: OutboxStore,
    private readonly sources: ReadonlyMap<string, OutboxSource>,
  ) {}

  async publish(flight: Flight): Promise<void> {
    await this.send(flight);
    await this.note([{ ...flight, acknowledgedAt: performance.now() }]);
  }

  /** Resolves when the bus has acknowledged all messages. */
  async send({ topic, messages }: Flight): Promise<void> {
    if (messages.length > 0) await (await this.#open()).send(topic, messages);
  }

  /** Notes that these have been sent, all in one transaction. */
  async note(flights: readonly SentFlight[]): Promise<void> {
    const references = flights.flatMap(({ reference }) => reference ?? []);
    await this.store.transaction(async (tx) => {
      for (const [source, ofSource] of Map.groupBy(references, (reference) => reference.source))
        await this.#source(source).published?.(
          ofSource.map(({ ref }) => ref),
          tx,
        );
      const now = performance.now();
      await this.store.markPublished(
        tx,
        flights.flatMap(({ ids, acknowledgedAt }) => ids.map((id) => ({ id, agoMs: now - acknowledgedAt }))),
      );
    });
  }

  /** Whether somebody waits until it is noted that this has been sent. */
  isAwaited({ reference }: Pick<SentFlight, 'reference'>): boolean {
    return reference !== undefined && this.sources.get(reference.source)?.awaited === true;
  }

  /** Publishes what the relay has claimed; neighbours of one topic go together, in the order of their ids. */
  async publishRows(rows: readonly OutboxRow[]): Promise<void> {
    for (const group of neighbours(rows)) {
      const [first] = group;
      if (!first) continue;
      const topic = this.#topic(first.topic);
      if (first.source !== null) await this.#publishReference(first.id, topic, first.source, first.ref ?? {});
      else await this.publish({ ids: group.map((row) => row.id), topic, messages: group.map(messageOf) });
    }
  }

  async close(): Promise<void> {
    await this.#producer?.then((producer) => producer.close()).catch(() => undefined);
  }

  async #publishReference(id: number, topic: Topic, source: string, ref: Record<string, unknown>): Promise<void> {
    const producer = await this.#open();
    let messages: OutgoingMessage[] = [];
    for await (const message of this.#source(source).render(ref, this.database)) {
      messages.push(message);
      if (messages.length < RENDERED_AT_ONCE) continue;
      await producer.send(topic, messages);
      messages = [];
    }
    await this.publish({ ids: [id], topic, messages, reference: { source, ref } });
  }

  #open(): Promise<BusProducer> {
    return (this.#producer ??= this.bus.producer());
  }

  #topic(name: string): Topic {
    const topic = this.#topics.get(name);
    if (!topic) throw new BusRefused(`the catalogue has no topic ${name}`);
    return topic;
  }

  #source(name: string): OutboxSource {
    const source = this.sources.get(name);
    if (!source) throw new BusRefused(`no outbox source ${name} is registered`);
    return source;
  }
}

function messageOf({ id, key, value, headers }: OutboxRow): OutgoingMessage {
  if (key === null || value === null || headers === null) throw new BusRefused(`outbox row ${id} holds no message`);
  return { key, value, headers };
}

/** Runs of message rows of one topic; each reference alone. */
function neighbours(rows: readonly OutboxRow[]): OutboxRow[][] {
  const groups: OutboxRow[][] = [];
  for (const row of rows) {
    const last = groups.at(-1)?.at(-1);
    if (last && last.source === null && row.source === null && last.topic === row.topic) groups.at(-1)?.push(row);
    else groups.push([row]);
  }
  return groups;
}
