/** What moving the alert messages costs at least: produced and consumed once by the same client, on a topic of its own. */
import { topics } from '@fangpin/contracts';
import { createKafkaBus, decodeEvent, type Bus, type BusSubscription, type OutgoingMessage } from '@fangpin/messaging';
import { Failure } from '../failure.ts';

export interface BusFloor {
  /** The floor of one shock's messages: from the first send until the last message is back. */
  measure(shockId: string): Promise<{ messages: number; seconds: number }>;
  close(): Promise<void>;
}

const GROUP = 'bench';
const PATIENCE_MS = 60_000;
/** kafkajs connects and learns the leaders at its first send: that is start-up, not moving. */
const WARM_UP: OutgoingMessage = { key: 'warm-up', value: new Uint8Array(16), headers: {} };

/** Topic and group exist, and the consumer has joined and been fed, before anything is measured. */
export async function openBusFloor(brokers: readonly string[]): Promise<BusFloor> {
  const bus = createKafkaBus({ brokers, clientId: 'bench-floor', prefix: 'floor.' });
  await bus.ensureTopics([topics.alert]);
  const producer = await bus.producer();
  const reader = new CountingReader();
  await reader.open(bus);
  await reader.back(1, () => producer.send(topics.alert, [WARM_UP]));
  return {
    async measure(shockId) {
      const messages = await messagesOf(brokers, shockId);
      const start = performance.now();
      await reader.back(messages.length, () => producer.send(topics.alert, messages));
      return { messages: messages.length, seconds: (performance.now() - start) / 1_000 };
    },
    close: () => bus.close(),
  };
}

/** Counts what comes back from the topic. */
class CountingReader {
  #wanted = 0;
  #reached: (() => void) | undefined;

  async open(bus: Bus): Promise<void> {
    const joined = Promise.withResolvers<void>();
    await bus.subscribe({
      group: GROUP,
      topics: [topics.alert],
      onAssigned: () => Promise.resolve(joined.resolve()),
      onBatch: (batch) => {
        this.#wanted -= batch.messages.length;
        if (this.#wanted <= 0) this.#reached?.();
        return Promise.resolve();
      },
      onCrash: (error) => joined.reject(error),
    });
    await joined.promise;
  }

  /** Sends, and waits until as many have come back. */
  async back(count: number, send: () => Promise<void>): Promise<void> {
    this.#wanted = count;
    const all = new Promise<void>((resolve) => (this.#reached = resolve));
    await send();
    await withPatience(all, `${count} messages have not come back`);
  }
}

/** The very messages of a shock, read from the topic of alerts. */
async function messagesOf(brokers: readonly string[], shockId: string): Promise<OutgoingMessage[]> {
  const bus = createKafkaBus({ brokers, clientId: 'bench-reader' });
  const ends = await bus.endOffsets(topics.alert);
  const open = new Set([...ends].filter(([, end]) => end > 0n).map(([partition]) => partition));
  const messages: OutgoingMessage[] = [];
  const all = Promise.withResolvers<void>();
  let subscription: BusSubscription | undefined;
  try {
    subscription = await bus.subscribe({
      group: `${GROUP}-${shockId}`,
      topics: [topics.alert],
      onAssigned: () => Promise.resolve(),
      onBatch: (batch) => {
        for (const { key, value, headers } of batch.messages)
          if (decodeEvent(topics.alert, value).shockId === shockId) messages.push({ key, value, headers });
        if (batch.nextOffset >= (ends.get(batch.partition) ?? 0n)) open.delete(batch.partition);
        if (open.size === 0) all.resolve();
        return Promise.resolve();
      },
      onCrash: (error) => all.reject(error),
    });
    await withPatience(all.promise, 'the topic of alerts could not be read to its end');
    return messages;
  } finally {
    await subscription?.close();
    await bus.close();
  }
}

async function withPatience<T>(work: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Failure(what)), PATIENCE_MS);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
