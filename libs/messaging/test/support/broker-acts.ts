import type { Topic } from '@fangpin/contracts';
import { testServers } from '@fangpin/testing';
import { Kafka, logLevel } from 'kafkajs';

/** What an operator's mistake or a short retention does: records below `offset` are gone in every partition that has them. */
export async function deleteRecordsBefore(prefix: string, topic: Topic, offset: bigint): Promise<void> {
  const admin = new Kafka({ brokers: [...testServers().brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    const name = `${prefix}${topic.name}`;
    const partitions = (await admin.fetchTopicOffsets(name))
      .filter(({ high }) => BigInt(high) >= offset)
      .map(({ partition }) => ({ partition, offset: String(offset) }));
    await admin.deleteTopicRecords({ topic: name, partitions });
  } finally {
    await admin.disconnect();
  }
}
