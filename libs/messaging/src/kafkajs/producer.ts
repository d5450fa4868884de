import { Partitioners, type Kafka, type Producer } from 'kafkajs';
import type { Topic } from '@fangpin/contracts';
import { backoffMs, rest } from '../backoff.js';
import { BusRefused, BusUnavailable } from '../bus-error.js';
import type { Log } from '../log.js';
import type { BusProducer, OutgoingMessage } from '../port.js';
import { busFailure } from './failure.js';
import { planSends, type PlannedSend } from './send-plan.js';
import type { TopicNames } from './topic-names.js';

const BACKOFF = { firstMs: 50, mostMs: 2_000 };

/**
 * Sends with acks=all through an idempotent producer, one send in flight. Any failed send costs the producer its life:
 * kafkajs rolls its sequence numbers back although the broker may have stored the batch, and the next, different batch
 * under the same numbers would be taken for a repetition and dropped in silence. The batch goes out again through a fresh
 * producer; a duplicate is harmless, because events are revisions.
 */
export class KafkaProducer implements BusProducer {
  #last: Promise<void> = Promise.resolve();
  #current: Promise<Producer> | undefined;
  #closed = false;

  constructor(
    private readonly kafka: Kafka,
    private readonly names: TopicNames,
    private readonly log: Log,
    /** How long one send is repeated before it is given back as not available. */
    private readonly patienceMs: number,
  ) {}

  send(topic: Topic, messages: readonly OutgoingMessage[]): Promise<void> {
    const sent = this.#last.then(() => this.#sendAll(topic, messages));
    this.#last = sent.catch(() => undefined);
    return sent;
  }

  async close(): Promise<void> {
    await this.#last;
    this.#closed = true;
    await this.#discard();
  }

  async #sendAll(topic: Topic, messages: readonly OutgoingMessage[]): Promise<void> {
    for (const part of planSends(topic, messages)) await this.#deliver(topic, part);
  }

  async #deliver(topic: Topic, part: PlannedSend): Promise<void> {
    const until = performance.now() + this.patienceMs;
    for (let attempt = 0; ; attempt += 1) {
      if (this.#closed) throw new BusUnavailable(`sending to ${topic.name}`, 'closed');
      try {
        return await this.#attempt(topic, part);
      } catch (error) {
        await this.#discard();
        const failure = busFailure(`sending to ${topic.name}`, error);
        if (failure instanceof BusRefused || performance.now() > until) throw failure;
        this.log.warn(
          { topic: topic.name, attempt, reason: failure.message },
          'send failed, again with a fresh producer',
        );
        await rest(backoffMs(attempt, BACKOFF));
      }
    }
  }

  async #attempt(topic: Topic, part: PlannedSend): Promise<void> {
    const producer = await (this.#current ??= this.#connect());
    const answers = await producer.send({
      topic: this.names.of(topic),
      acks: -1,
      messages: part.messages.map(({ message: { key, value, headers }, partition }) => ({
        key,
        value: Buffer.from(value.buffer, value.byteOffset, value.byteLength),
        headers,
        partition,
      })),
    });
    // When a leader moves between two tries inside kafkajs, it can take the other broker's earlier answer for this one
    // and leave partitions unsent. So every partition must have been acknowledged by name.
    const acknowledged = new Set(answers.filter((answer) => answer.errorCode === 0).map((answer) => answer.partition));
    const missing = [...part.partitions].filter((partition) => !acknowledged.has(partition));
    if (missing.length > 0) throw new Error(`partitions ${missing.join(', ')} were not acknowledged`);
  }

  async #connect(): Promise<Producer> {
    const producer = this.kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
      retry: { retries: 1, initialRetryTime: 50, maxRetryTime: 100 },
    });
    await producer.connect();
    return producer;
  }

  async #discard(): Promise<void> {
    const old = this.#current;
    this.#current = undefined;
    await old?.then((producer) => producer.disconnect()).catch(() => undefined);
  }
}
