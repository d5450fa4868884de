import { describe, expect, it } from '@jest/globals';
import { topics, type Topic } from '@fangpin/contracts';
import type { Bus, FetchedBatch } from '../port.js';
import { refuseLostPosition } from './assignment.js';
import { Positions } from './positions.js';

const busFrom = (start: bigint) => ({ startOffsets: () => Promise.resolve(new Map([[0, start]])) }) as unknown as Bus;
const batchFrom = (fetchedFrom: bigint, topic: Topic = topics.alert): FetchedBatch => ({
  topic,
  partition: 0,
  fetchedFrom,
  nextOffset: fetchedFrom + 1n,
  messages: [],
});

function at(nextOffset: bigint, topic: Topic = topics.alert): Positions {
  const positions = new Positions();
  positions.replace([{ topic, partition: 0, nextOffset }]);
  return positions;
}

describe('the position of a partition', () => {
  it('takes the batch that follows on it', async () => {
    expect(await at(5n).judge(batchFrom(5n), busFrom(0n))).toBe('apply');
  });

  it('sends the client back for a batch that was applied before, or that leaves some out', async () => {
    expect(await at(5n).judge(batchFrom(3n), busFrom(0n))).toBe(5n);
    expect(await at(5n).judge(batchFrom(9n), busFrom(0n))).toBe(5n);
  });

  it('takes a gap on a compacted topic when it comes again after the client was sent back', async () => {
    const positions = at(5n, topics.household);
    const batch = batchFrom(9n, topics.household);
    expect(await positions.judge(batch, busFrom(0n))).toBe(5n);
    expect(await positions.judge(batch, busFrom(0n))).toBe('apply');
  });

  it('halts over a gap whose messages are gone', async () => {
    await expect(at(5n).judge(batchFrom(9n), busFrom(9n))).rejects.toThrow(/offsets 5 to 8 are gone/);
  });

  it('has nothing to do with a partition that was taken away', async () => {
    expect(await new Positions().judge(batchFrom(3n), busFrom(0n))).toBe(3n);
  });
});

describe('a stored position', () => {
  const stored = { topic: topics.alert, partition: 0, nextOffset: 5n, clusterId: 'ours' };

  it('is good between the first kept and the next written offset', () => {
    for (const [start, end] of [
      [0n, 9n],
      [5n, 5n],
    ] as const)
      expect(() => refuseLostPosition(stored, 'ours', { start, end })).not.toThrow();
  });

  it.each([
    ['of another cluster', 'theirs', 0n, 9n, /belongs to cluster ours, this is theirs/],
    ['before the first kept one', 'ours', 6n, 9n, /offsets 5 to 5 are gone/],
    ['behind the end', 'ours', 0n, 4n, /messages were lost/],
  ])('halts when it is %s', (_, cluster, start, end, reason) => {
    expect(() => refuseLostPosition(stored, cluster, { start, end })).toThrow(reason);
  });
});
