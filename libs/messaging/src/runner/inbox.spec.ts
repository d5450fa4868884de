import { create, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { AlertBatchSchema, topics } from '@fangpin/contracts';
import type { FetchedBatch, FetchedMessage } from '../port.js';
import { sortIntoInboxes } from './inbox.js';

const good = (offset: bigint): FetchedMessage => ({
  offset,
  key: 'k',
  value: toBinary(AlertBatchSchema, create(AlertBatchSchema, { shockId: String(offset) })),
  headers: {},
});
const noise = (offset: bigint): FetchedMessage => ({ ...good(offset), value: Buffer.from([0xff, 0xff]) });
const batch = (partition: number, ...messages: FetchedMessage[]): FetchedBatch => ({
  topic: topics.alert,
  partition,
  fetchedFrom: 0n,
  nextOffset: 9n,
  messages,
});
const handlers = [{ topic: topics.alert, handle: () => Promise.resolve() }];

describe('the inbox of a topic', () => {
  it('is in the order of partitions and offsets', () => {
    const [inbox] = sortIntoInboxes(handlers, [batch(2, good(0n)), batch(0, good(4n), good(5n))]);
    expect(inbox?.runs.flatMap((run) => run.events.map((event) => [event.partition, event.offset]))).toEqual([
      [0, 4n],
      [0, 5n],
      [2, 0n],
    ]);
  });

  it('breaks off at bytes that are no event, and goes on behind them', () => {
    const [inbox] = sortIntoInboxes(handlers, [batch(0, good(0n), noise(1n), good(2n))]);
    expect(inbox?.runs.map((run) => [run.events.length, run.undecodable?.letter.offset])).toEqual([
      [1, 1n],
      [1, undefined],
    ]);
  });

  it('leaves out topics that brought nothing', () => {
    expect(sortIntoInboxes(handlers, [])).toEqual([]);
  });
});
