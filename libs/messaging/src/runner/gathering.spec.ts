import { describe, expect, it } from '@jest/globals';
import { topics } from '@fangpin/contracts';
import type { FetchedBatch } from '../port.js';
import { Gathering, type GatheredBatch } from './gathering.js';

const batchOf = (partition: number): FetchedBatch => ({
  topic: topics.alert,
  partition,
  fetchedFrom: 0n,
  nextOffset: 1n,
  messages: [],
});
const heartbeat = () => Promise.resolve();

describe('gathering', () => {
  it('takes what arrives in one moment together, and what arrives meanwhile together after it', async () => {
    const together: number[][] = [];
    const gate = Promise.withResolvers<void>();
    const gathering = new Gathering(async (batches) => {
      together.push(batches.map(({ batch }) => batch.partition));
      if (together.length === 1) await gate.promise;
      for (const batch of batches) batch.done();
    });
    const first = [0, 1, 2].map((partition) => gathering.add(batchOf(partition), heartbeat));
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    const second = [3, 4].map((partition) => gathering.add(batchOf(partition), heartbeat));
    gate.resolve();
    await Promise.all([...first, ...second]);
    expect(together).toEqual([
      [0, 1, 2],
      [3, 4],
    ]);
  });

  it('gives back what waits when it is told to', async () => {
    const running: GatheredBatch[] = [];
    const gate = Promise.withResolvers<void>();
    const gathering = new Gathering(async (batches) => {
      running.push(...batches);
      await gate.promise;
    });
    void gathering.add(batchOf(0), heartbeat);
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    const waiting = gathering.add(batchOf(1), heartbeat);
    gathering.release(new Error('stopping'));
    await expect(waiting).rejects.toThrow('stopping');
    gate.resolve();
    expect(running.map(({ batch }) => batch.partition)).toEqual([0]);
  });
});
