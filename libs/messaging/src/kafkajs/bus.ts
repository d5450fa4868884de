import type { Topic } from '@fangpin/contracts';
import { topicCatalogue } from '@fangpin/contracts';
import { silentLog } from '../log.js';
import type { Bus, BusProducer, BusSettings, BusSubscription, SubscribeOptions } from '../port.js';
import { KafkaAdmin } from './admin.js';
import { createKafkaClient } from './client.js';
import { KafkaProducer } from './producer.js';
import { KafkaSubscription } from './subscription.js';
import { TopicNames } from './topic-names.js';

const SEND_PATIENCE_MS = 30_000;

/** The bus on Apache Kafka through kafkajs. Nothing connects before it is used; `close` ends all that was made of it. */
export function createKafkaBus(settings: BusSettings): Bus {
  const kafka = createKafkaClient(settings);
  const log = settings.log ?? silentLog;
  const names = new TopicNames(settings.prefix ?? '');
  const admin = new KafkaAdmin(kafka, names);
  const open: { close(): Promise<void> }[] = [admin];
  return {
    producer(): Promise<BusProducer> {
      const producer = new KafkaProducer(kafka, names, log, settings.sendPatienceMs ?? SEND_PATIENCE_MS);
      open.unshift(producer);
      return Promise.resolve(producer);
    },
    subscribe(options: SubscribeOptions): Promise<BusSubscription> {
      for (const topic of options.topics) names.of(topic);
      const subscription = new KafkaSubscription(kafka, names, settings, options, log);
      subscription.start();
      open.unshift(subscription);
      return Promise.resolve(subscription);
    },
    endOffsets: (topic: Topic) => admin.offsets(topic, 'high'),
    startOffsets: (topic: Topic) => admin.offsets(topic, 'low'),
    offsetsSince: (topic: Topic, instant: Date) => admin.offsetsSince(topic, instant),
    clusterId: () => admin.clusterId(),
    ensureTopics: (catalogue, replication) => admin.ensureTopics(catalogue, replication),
    async close() {
      for (const part of open.splice(0)) await part.close();
    },
  };
}

/** Makes the topics of the whole catalogue, as `npm run up` does before the services start. */
export async function ensureTopics(
  settings: { readonly brokers: readonly string[]; readonly prefix?: string },
  replication?: number,
): Promise<void> {
  const bus = createKafkaBus({ clientId: 'fangpin-topics', ...settings });
  try {
    await bus.ensureTopics(topicCatalogue, replication);
  } finally {
    await bus.close();
  }
}
