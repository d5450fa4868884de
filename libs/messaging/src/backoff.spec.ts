import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { backoffMs } from './backoff.js';

describe('the back-off', () => {
  it('doubles up to its limit, with jitter over the upper half', () => {
    const settings = { firstMs: 100, mostMs: 1_000 };
    expect([0, 1, 2, 3, 4, 50].map((attempt) => backoffMs(attempt, settings, () => 1))).toEqual([
      100, 200, 400, 800, 1_000, 1_000,
    ]);
    fc.assert(
      fc.property(fc.nat(1_000), fc.double({ min: 0, max: 0.999, noNaN: true }), (attempt, random) => {
        const ms = backoffMs(attempt, settings, () => random);
        expect(ms).toBeGreaterThanOrEqual(50);
        expect(ms).toBeLessThanOrEqual(1_000);
      }),
    );
  });
});
