/**
 * The port to the bus. Adapters (kafkajs today) stand behind it; nothing outside an adapter knows the client library. One
 * test suite runs against every adapter (test/bus-port.suite.ts).
 */
import type { Socket } from 'node:net';
import type { Message } from '@bufbuild/protobuf';
import type { ServiceName, Topic } from '@fangpin/contracts';
import type { Tx } from '@fangpin/persistence';
import type { Log } from './log.js';

export interface BusSettings {
  readonly brokers: readonly string[];
  readonly clientId: string;
  /** In front of topic and group names, so that tests share a broker; empty in production. */
  readonly prefix?: string;
  readonly log?: Log;
  /** How connections are made, for tunnels and tests; plain TCP when not said. */
  readonly dial?: (host: string, port: number) => Socket;
  /** How long a send is repeated before it is given back as not available; 30 seconds. */
  readonly sendPatienceMs?: number;
  /** A consumer that is silent for so long loses its partitions; 10 seconds. */
  readonly sessionTimeoutMs?: number;
  /** A consumer that does not come back from its batch for so long during a rebalance loses its partitions; 60 seconds. */
  readonly rebalanceTimeoutMs?: number;
}

export interface OutgoingMessage {
  readonly key: string;
  readonly value: Uint8Array;
  /** CloudEvents attributes and traceparent, see envelope.ts. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Sends with acks=all, one send in flight; resolves when all are acknowledged. Order within a call is kept per key. */
export interface BusProducer {
  send(topic: Topic, messages: readonly OutgoingMessage[]): Promise<void>;
  close(): Promise<void>;
}

export interface FetchedMessage {
  readonly offset: bigint;
  readonly key: string;
  readonly value: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

export interface FetchedBatch {
  readonly topic: Topic;
  readonly partition: number;
  /** Offset that was asked for; the first message may lie later, where a compacted topic has a gap. */
  readonly fetchedFrom: bigint;
  /** Where the next batch begins when this one is done. */
  readonly nextOffset: bigint;
  /** In offset order, at least one. */
  readonly messages: readonly FetchedMessage[];
}

export interface BusSubscription {
  /** Called once the database has committed. Only mirrors progress for lag tools; sent now and then, never waited for. */
  mirror(topic: Topic, partition: number, nextOffset: bigint): void;
  seek(topic: Topic, partition: number, offset: bigint): void;
  pause(topic: Topic, partition: number): void;
  resume(topic: Topic, partition: number): void;
  close(): Promise<void>;
}

export interface SubscribeOptions {
  readonly group: string;
  readonly topics: readonly Topic[];
  /** Called after each join with all assigned partitions, before anything is fetched from them. */
  onAssigned(assigned: readonly { topic: Topic; partition: number }[]): Promise<void>;
  /**
   * Called with what was fetched, at most one batch of a partition at a time, several partitions at once. The next batch
   * of the partition comes when the promise resolves; a rejection fetches the same one again. The adapter keeps the
   * membership meanwhile; `heartbeat` rejects once the group wants this member back or no longer knows it, and a batch
   * that merely waits should then be given up by rejecting.
   */
  onBatch(batch: FetchedBatch, heartbeat: () => Promise<void>): Promise<void>;
  /** The consumer died; the adapter starts another one by itself. */
  onCrash(error: Error): void;
}

export interface Bus {
  producer(): Promise<BusProducer>;
  subscribe(options: SubscribeOptions): Promise<BusSubscription>;
  /** Next offset to be written, by partition. */
  endOffsets(topic: Topic): Promise<ReadonlyMap<number, bigint>>;
  /** First offset still kept, by partition. */
  startOffsets(topic: Topic): Promise<ReadonlyMap<number, bigint>>;
  /** First offset whose message was written at that instant or later (by its producer's clock), the end where none was, by partition. */
  offsetsSince(topic: Topic, instant: Date): Promise<ReadonlyMap<number, bigint>>;
  clusterId(): Promise<string>;
  /**
   * Makes the topics that are missing and waits until their leaders answer. Refuses when one exists with another number of
   * partitions: keys would change their partition. Replication is 3 where there are brokers for it.
   */
  ensureTopics(catalogue: readonly Topic[], replication?: number): Promise<void>;
  close(): Promise<void>;
}

/** A decoded message on its way into a handler. */
export interface ConsumedEvent<T extends Message = Message, R = unknown> {
  readonly topic: Topic<T>;
  readonly partition: number;
  readonly offset: bigint;
  readonly key: string;
  /** Decoded when first asked for where the handler has a `read` of its own. */
  readonly data: T;
  /** What the handler's `read` made of the message; undefined where it has none. */
  readonly read: R;
  readonly headers: Readonly<Record<string, string>>;
}

/** One part of a packed message, with the key under which it parks: `532327101/4711`. */
export interface EventPart<T extends Message = Message> {
  readonly key: string;
  readonly data: T;
}

/**
 * Applies events of one topic. Thin: parse is done, call one use case. All that was fetched comes in one call and one
 * transaction (cell scope), in partition order; progress is committed with it.
 */
export interface EventHandler<T extends Message = Message, R = unknown> {
  readonly topic: Topic<T>;
  handle(events: readonly ConsumedEvent<T, R>[], tx: Tx): Promise<void>;
  /**
   * For packed messages that come by the hundred: a reading that costs less than `data`, which is then decoded only for parts
   * and letters. Throws where the bytes are no message of the topic, whichever way they are read.
   */
  read?(value: Uint8Array): R;
  /** For packed messages: the parts, one household each, so that a poisoned one parks alone. */
  split?(event: ConsumedEvent<T, R>): readonly EventPart<T>[];
  /** Called in the transaction that parks a part, so that the service can answer for it. */
  parked?(part: EventPart<T>, event: ConsumedEvent<T, R>, tx: Tx): Promise<void>;
}

export interface ConsumerSettings {
  readonly service: ServiceName;
  /** Defaults to the service's name; a rebuild uses one of its own. */
  readonly group?: string;
}
