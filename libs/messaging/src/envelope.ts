import { randomUUID } from 'node:crypto';
import { fromBinary, toBinary, type Message } from '@bufbuild/protobuf';
import type { Topic } from '@fangpin/contracts';
import { BusRefused } from './bus-error.js';
import type { OutgoingMessage } from './port.js';
import { nextTraceparent } from './traceparent.js';

/** Below the broker's limit of one megabyte a batch, with room for headers. */
export const MAX_EVENT_BYTES = 900_000;

export interface EncodeOptions {
  readonly key: string;
  /** Trace of what caused the event; a new one begins without it. */
  readonly traceparent?: string;
  /** When it happened; now when not said. */
  readonly at?: Date;
}

/**
 * Packs an event as protobuf with its CloudEvents attributes (binary content mode, Kafka protocol binding 1.0.2). Refuses
 * events above {@link MAX_EVENT_BYTES}, so that the transaction fails and not the publishing.
 */
export function encodeEvent<T extends Message>(topic: Topic<T>, data: T, options: EncodeOptions): OutgoingMessage {
  return encodeBytes(topic, toBinary<Topic['schema']>(topic.schema as Topic['schema'], data), options);
}

/** As {@link encodeEvent}, for bytes of the topic's schema that the caller has written itself. */
export function encodeBytes(topic: Topic, value: Uint8Array, options: EncodeOptions): OutgoingMessage {
  if (value.length > MAX_EVENT_BYTES)
    throw new BusRefused(`an event of ${value.length} bytes is too large for ${topic.name}; split it`);
  return {
    key: options.key,
    value,
    headers: {
      ce_specversion: '1.0',
      ce_id: randomUUID(),
      ce_type: topic.eventType,
      ce_source: `/fangpin/${topic.owner}`,
      ce_time: (options.at ?? new Date()).toISOString(),
      'content-type': 'application/protobuf',
      traceparent: nextTraceparent(options.traceparent),
    },
  };
}

/** The event in a message's bytes; throws when they are none of this topic's schema. */
export function decodeEvent<T extends Message>(topic: Topic<T>, value: Uint8Array): T {
  return fromBinary<Topic['schema']>(topic.schema as Topic['schema'], value) as T;
}
