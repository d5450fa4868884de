import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import type { Topic } from '@fangpin/contracts';
import { backoffMs, rest } from '../backoff.js';
import type { Log } from '../log.js';
import type { BusSettings, BusSubscription, SubscribeOptions } from '../port.js';
import { Membership } from './membership.js';
import { OffsetMirror } from './offset-mirror.js';
import type { TopicNames } from './topic-names.js';

const RESTART_BACKOFF = { firstMs: 250, mostMs: 10_000 };
const REDELIVERY_BACKOFF = { firstMs: 50, mostMs: 2_000 };
const HEARTBEAT_MS = 1_000;
/** Short: after a broker's crash the group waits so long for the member that this consumer was before. */
const SESSION_TIMEOUT_MS = 10_000;
/** Short, so that seeks and pauses, which wait for the running fetch, take effect soon. */
const MOST_FETCH_WAIT_MS = 500;
/** What is fetched at once becomes objects at once: this bounds them to some ten thousand small events. */
const MOST_BYTES_OF_A_PARTITION = 256 * 1024;

/** A kafkajs consumer that is replaced by a fresh one whenever it dies, until it is closed. */
export class KafkaSubscription implements BusSubscription {
  readonly #mirror: OffsetMirror;
  readonly #paused = new Map<string, { topic: Topic; partition: number }>();
  readonly #stopping = new AbortController();
  #consumer: Consumer | undefined;
  #membership = new Membership();
  #restarts = 0;
  #rejections = 0;
  #life: Promise<void> = Promise.resolve();
  #assigning: Promise<void> = Promise.resolve();

  constructor(
    private readonly kafka: Kafka,
    private readonly names: TopicNames,
    private readonly settings: BusSettings,
    private readonly options: SubscribeOptions,
    private readonly log: Log,
  ) {
    this.#mirror = new OffsetMirror(async (offsets) => {
      await this.#consumer?.commitOffsets(
        offsets.map(({ topic, partition, nextOffset }) => ({
          topic: names.of(topic),
          partition,
          offset: String(nextOffset),
        })),
      );
    });
  }

  start(): void {
    this.#life = this.#open();
  }

  mirror(topic: Topic, partition: number, nextOffset: bigint): void {
    this.#mirror.note(topic, partition, nextOffset);
  }

  seek(topic: Topic, partition: number, offset: bigint): void {
    // Without a group there is nothing to seek: the next join seeks everything.
    this.#whileJoined((consumer) => consumer.seek({ topic: this.names.of(topic), partition, offset: String(offset) }));
  }

  pause(topic: Topic, partition: number): void {
    this.#paused.set(`${topic.name}/${partition}`, { topic, partition });
    this.#whileJoined((consumer) => consumer.pause([{ topic: this.names.of(topic), partitions: [partition] }]));
  }

  resume(topic: Topic, partition: number): void {
    this.#paused.delete(`${topic.name}/${partition}`);
    this.#whileJoined((consumer) => consumer.resume([{ topic: this.names.of(topic), partitions: [partition] }]));
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    this.#membership.end();
    await this.#life;
    await this.#mirror.close();
    await this.#consumer?.disconnect().catch(() => undefined);
    await this.#assigning;
  }

  /** Connects and joins; tries again for ever, because a consumer that has given up is a silent one. */
  async #open(): Promise<void> {
    const sessionTimeout = this.settings.sessionTimeoutMs ?? SESSION_TIMEOUT_MS;
    while (!this.#stopping.signal.aborted) {
      const consumer = this.kafka.consumer({
        groupId: this.names.group(this.options.group),
        sessionTimeout,
        rebalanceTimeout: this.settings.rebalanceTimeoutMs ?? 60_000,
        heartbeatInterval: Math.min(HEARTBEAT_MS, sessionTimeout / 3),
        maxWaitTimeInMs: MOST_FETCH_WAIT_MS,
        maxBytesPerPartition: MOST_BYTES_OF_A_PARTITION,
        allowAutoTopicCreation: false,
        // kafkajs restarts some deaths on its old connections; here every death is followed by a fresh consumer.
        retry: {
          initialRetryTime: 100,
          maxRetryTime: 2_000,
          retries: 5,
          restartOnFailure: () => Promise.resolve(false),
        },
      });
      this.#consumer = consumer;
      consumer.on(consumer.events.CRASH, ({ payload }) => this.#onCrash(consumer, payload.error));
      consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => this.#onJoin(consumer, payload.memberAssignment));
      try {
        await consumer.connect();
        await consumer.subscribe({
          topics: this.options.topics.map((topic) => this.names.of(topic)),
          fromBeginning: true,
        });
        await consumer.run({
          autoCommit: false,
          eachBatchAutoResolve: false,
          // One worker a partition: all that a fetch brought is delivered at the same moment, so that it can be merged.
          partitionsConsumedConcurrently: this.options.topics.reduce((sum, topic) => sum + topic.partitions, 0),
          eachBatch: (payload) => this.#onBatch(payload),
        });
        return;
      } catch (error) {
        await consumer.disconnect().catch(() => undefined);
        await this.#restAfter(error);
      }
    }
  }

  async #restAfter(error: unknown): Promise<void> {
    const ms = backoffMs(this.#restarts++, RESTART_BACKOFF);
    this.log.warn(
      { group: this.options.group, reason: String(error), ms: Math.round(ms) },
      'consumer is started again',
    );
    this.options.onCrash(error instanceof Error ? error : new Error(String(error)));
    await rest(ms, this.#stopping.signal);
  }

  #onCrash(consumer: Consumer, error: Error): void {
    if (this.#stopping.signal.aborted || this.#consumer !== consumer) return;
    this.#membership.end();
    this.#life = this.#restAfter(error).then(() => this.#open());
  }

  /** Runs inside kafkajs's join, before the first fetch; batches wait for the seeks that `onAssigned` makes. */
  #onJoin(consumer: Consumer, assignment: Readonly<Record<string, readonly number[]>>): void {
    this.#mirror.forget();
    this.#membership.end();
    const membership = new Membership();
    this.#membership = membership;
    for (const { topic, partition } of this.#paused.values()) this.pause(topic, partition);
    const assigned = Object.entries(assignment).flatMap(([name, partitions]) =>
      partitions.map((partition) => ({ topic: this.names.topic(name), partition })),
    );
    this.#assigning = this.options.onAssigned(assigned).then(
      () => {
        this.#restarts = 0;
        membership.begin();
      },
      async (error: unknown) => {
        membership.end();
        if (this.#stopping.signal.aborted || this.#consumer !== consumer) return;
        this.#consumer = undefined;
        this.#life = Promise.all([consumer.disconnect().catch(() => undefined), this.#restAfter(error)]).then(() =>
          this.#open(),
        );
      },
    );
  }

  async #onBatch({ batch, heartbeat, resolveOffset, isRunning, isStale }: EachBatchPayload): Promise<void> {
    const membership = this.#membership;
    const stopHeartbeat = membership.keepAlive(heartbeat, HEARTBEAT_MS);
    try {
      if (!(await membership.begun()) || !isRunning() || isStale()) return;
      const last = batch.messages.at(-1);
      if (!last) return;
      await this.options.onBatch(
        {
          topic: this.names.topic(batch.topic),
          partition: batch.partition,
          fetchedFrom: BigInt((batch as typeof batch & { fetchedOffset: string }).fetchedOffset),
          nextOffset: BigInt(batch.lastOffset()) + 1n,
          messages: batch.messages.map(({ offset, key, value, headers }) => ({
            offset: BigInt(offset),
            key: key?.toString() ?? '',
            value: value ?? new Uint8Array(),
            headers: Object.fromEntries(Object.entries(headers ?? {}).map(([name, text]) => [name, String(text)])),
          })),
        },
        () => membership.check(heartbeat),
      );
      this.#rejections = 0;
      // A rebalance meanwhile has made new offsets; this one belongs to the old ones.
      if (membership === this.#membership && !isStale()) resolveOffset(last.offset);
    } catch (error) {
      // Not resolved, so the next fetch brings it again. kafkajs itself must not see the error: it would end the consumer.
      if (membership.ended || this.#stopping.signal.aborted) return;
      this.log.warn(
        { topic: batch.topic, partition: batch.partition, reason: String(error) },
        'a batch is fetched again',
      );
      await rest(backoffMs(this.#rejections++, REDELIVERY_BACKOFF), this.#stopping.signal);
    } finally {
      stopHeartbeat();
    }
  }

  #whileJoined(work: (consumer: Consumer) => void): void {
    if (!this.#consumer) return;
    try {
      work(this.#consumer);
    } catch (error) {
      this.log.debug({ reason: String(error) }, 'not joined; the next join sets it right');
    }
  }
}
