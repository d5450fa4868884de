import { describe, expect, it } from '@jest/globals';
import { givingWay } from './giving-way.js';

const goOn = new AbortController().signal;

describe('bulk work', () => {
  it('goes on at once while nothing live is in hand', async () => {
    await givingWay({ idleMs: () => Infinity })(goOn);
  });

  it('waits until the live work has been idle for a while', async () => {
    const idle = [0, 0, 10, 0, 20, 60];
    await givingWay({ idleMs: () => idle.shift() ?? Infinity }, { quietMs: 50, everyMs: 1 })(goOn);
    expect(idle).toEqual([]);
  });

  it('goes on all the same after its longest wait, so that it comes to an end', async () => {
    let looks = 0;
    await givingWay({ idleMs: () => (looks += 1) && 0 }, { mostMs: 20, everyMs: 1 })(goOn);
    expect(looks).toBeGreaterThan(1);
  });

  it('does not hold up the end of its process', async () => {
    const stopping = new AbortController();
    const waiting = givingWay({ idleMs: () => 0 }, { mostMs: 3_600_000, everyMs: 3_600_000 })(stopping.signal);
    stopping.abort();
    await waiting;
  });
});
