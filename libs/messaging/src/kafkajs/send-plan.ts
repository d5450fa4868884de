import { Partitioners } from 'kafkajs';
import type { Topic } from '@fangpin/contracts';
import type { OutgoingMessage } from '../port.js';

export interface SendLimits {
  /** Most bytes of one partition in one send: it travels as one batch, and brokers refuse batches above one megabyte. */
  readonly partitionBytes: number;
  /** Most messages in one send: kafkajs copies an array for each message, so its cost grows with the square. */
  readonly messages: number;
}

export const SEND_LIMITS: SendLimits = { partitionBytes: 900_000, messages: 512 };

/** What goes out in one request. */
export interface PlannedSend {
  readonly partitions: ReadonlySet<number>;
  readonly messages: readonly { readonly message: OutgoingMessage; readonly partition: number }[];
}

const HEADER_OVERHEAD_BYTES = 400;

const partitionOf = Partitioners.DefaultPartitioner();

/** The partition of a key, as Kafka's Java client has it (murmur2). */
export function partitionOfKey(topic: Topic, key: string): number {
  const partitionMetadata = Array.from({ length: topic.partitions }, (_, partitionId) => ({
    partitionId,
    leader: 0,
    partitionErrorCode: 0,
    replicas: [],
    isr: [],
  }));
  return partitionOf({ topic: topic.name, partitionMetadata, message: { key, value: null } });
}

/** Cuts messages into sends in their order; the order of a key is kept, because a send follows the one before. */
export function planSends(
  topic: Topic,
  messages: readonly OutgoingMessage[],
  limits: SendLimits = SEND_LIMITS,
): PlannedSend[] {
  const plan: PlannedSend[] = [];
  const known = new Map<string, number>();
  let current: { message: OutgoingMessage; partition: number }[] = [];
  let bytes = new Map<number, number>();
  const close = (): void => {
    if (current.length > 0) plan.push({ messages: current, partitions: new Set(bytes.keys()) });
    current = [];
    bytes = new Map();
  };
  for (const message of messages) {
    const partition = known.get(message.key) ?? partitionOfKey(topic, message.key);
    known.set(message.key, partition);
    const size = message.value.length + message.key.length + HEADER_OVERHEAD_BYTES;
    const filled = bytes.get(partition) ?? 0;
    if (current.length >= limits.messages || (filled > 0 && filled + size > limits.partitionBytes)) close();
    current.push({ message, partition });
    bytes.set(partition, (bytes.get(partition) ?? 0) + size);
  }
  close();
  return plan;
}
