import { type Admin, type ITopicConfig, type Kafka } from 'kafkajs';
import type { Topic } from '@fangpin/contracts';
import { rest } from '../backoff.js';
import { BusRefused, BusUnavailable } from '../bus-error.js';
import { busFailure } from './failure.js';
import type { TopicNames } from './topic-names.js';

const LEADERS_PATIENCE_MS = 30_000;
const DAY_MS = 86_400_000;

/** What is asked of the brokers besides sending and reading; one connection, made when first needed and after a failure. */
export class KafkaAdmin {
  #admin: Promise<Admin> | undefined;
  #closed = false;

  constructor(
    private readonly kafka: Kafka,
    private readonly names: TopicNames,
  ) {}

  /** Offsets by partition: `low` is the first kept, `high` the next to be written. */
  async offsets(topic: Topic, end: 'low' | 'high'): Promise<ReadonlyMap<number, bigint>> {
    const rows = await this.#ask(`offsets of ${topic.name}`, (admin) => admin.fetchTopicOffsets(this.names.of(topic)));
    return new Map(rows.sort((a, b) => a.partition - b.partition).map((row) => [row.partition, BigInt(row[end])]));
  }

  async offsetsSince(topic: Topic, instant: Date): Promise<ReadonlyMap<number, bigint>> {
    const rows = await this.#ask(`offsets of ${topic.name} by time`, (admin) =>
      admin.fetchTopicOffsetsByTimestamp(this.names.of(topic), instant.getTime()),
    );
    return new Map(rows.map((row) => [row.partition, BigInt(row.offset)]));
  }

  async clusterId(): Promise<string> {
    return (await this.#ask('the cluster', (admin) => admin.describeCluster())).clusterId;
  }

  async ensureTopics(catalogue: readonly Topic[], replication?: number): Promise<void> {
    const brokers = (await this.#ask('the cluster', (admin) => admin.describeCluster())).brokers.length;
    const copies = replication ?? (brokers >= 3 ? 3 : 1);
    const until = performance.now() + LEADERS_PATIENCE_MS;
    for (;;) {
      const existing = new Set(await this.#ask('the list of topics', (admin) => admin.listTopics()));
      const missing = catalogue.filter((topic) => !existing.has(this.names.of(topic)));
      if (missing.length === 0) break;
      try {
        await this.#create(missing, copies);
      } catch (error) {
        // Another process may be making the same ones.
        if (performance.now() > until) throw error;
        await rest(200);
      }
    }
    for (const topic of catalogue) await this.#awaitLeaders(topic, until);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#discard();
  }

  async #discard(): Promise<void> {
    const old = this.#admin;
    this.#admin = undefined;
    await old?.then((admin) => admin.disconnect()).catch(() => undefined);
  }

  async #create(missing: readonly Topic[], copies: number): Promise<void> {
    await this.#ask('making topics', (admin) =>
      admin.createTopics({ topics: missing.map((topic) => topicConfig(this.names.of(topic), topic, copies)) }),
    );
  }

  async #awaitLeaders(topic: Topic, until: number): Promise<void> {
    for (;;) {
      try {
        const partitions = (await this.offsets(topic, 'high')).size;
        if (partitions === topic.partitions) return;
        throw new BusRefused(
          `topic ${topic.name} has ${partitions} partitions where the catalogue says ${topic.partitions}: keys would change their partition`,
        );
      } catch (error) {
        if (error instanceof BusRefused || performance.now() > until) throw error;
        await rest(100);
      }
    }
  }

  async #ask<T>(what: string, work: (admin: Admin) => Promise<T>): Promise<T> {
    // Somebody who still asks while the bus is closing must not open it again.
    if (this.#closed) throw new BusUnavailable(what, 'closed');
    try {
      return await work(await (this.#admin ??= this.#connect()));
    } catch (error) {
      await this.#discard();
      throw busFailure(what, error);
    }
  }

  async #connect(): Promise<Admin> {
    const admin = this.kafka.admin();
    await admin.connect();
    return admin;
  }
}

function topicConfig(name: string, topic: Topic, replicationFactor: number): ITopicConfig {
  const keep =
    topic.keep === 'compact'
      ? [
          { name: 'cleanup.policy', value: 'compact' },
          { name: 'retention.ms', value: '-1' },
        ]
      : [
          { name: 'cleanup.policy', value: 'delete' },
          { name: 'retention.ms', value: String(topic.keep.days * DAY_MS) },
        ];
  return {
    topic: name,
    numPartitions: topic.partitions,
    replicationFactor,
    configEntries: [...keep, { name: 'min.insync.replicas', value: replicationFactor >= 3 ? '2' : '1' }],
  };
}
