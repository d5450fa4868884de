import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { censusSizeShares } from './calibration.ts';
import { largestRemainders, MAX_SIZE, sizeCounts } from './household-sizes.ts';

describe('household sizes', () => {
  it('add up to both totals, whatever they are', () => {
    const totals = fc
      .integer({ min: 1, max: 20_000 })
      .chain((households) =>
        fc.tuple(fc.constant(households), fc.integer({ min: households, max: households * MAX_SIZE })),
      );
    fc.assert(
      fc.property(totals, ([households, persons]) => {
        const counts = sizeCounts(households, persons, censusSizeShares);
        expect(counts.every((count) => Number.isInteger(count) && count >= 0)).toBe(true);
        expect(counts.reduce((a, b) => a + b, 0)).toBe(households);
        expect(counts.reduce((sum, count, i) => sum + count * (i + 1), 0)).toBe(persons);
      }),
    );
  });

  it('keep the census shape when the census mean is asked for', () => {
    const mean = censusSizeShares.reduce((sum, share, i) => sum + share * (i + 1), 0);
    expect(mean).toBeCloseTo(2.79, 1);
    const counts = sizeCounts(100_000, Math.round(100_000 * mean), censusSizeShares);
    counts.forEach((count, i) => expect(count / 100_000).toBeCloseTo(censusSizeShares[i] ?? 0, 2));
  });

  it('refuse fewer persons than households and more than fit', () => {
    expect(() => sizeCounts(10, 9, censusSizeShares)).toThrow(RangeError);
    expect(() => sizeCounts(10, 81, censusSizeShares)).toThrow(RangeError);
  });
});

describe('sharing out by largest remainders', () => {
  it('gives away exactly the total, nobody more than one off the exact share', () => {
    const weights = fc.array(fc.double({ min: 0.01, max: 100, noNaN: true }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(weights, fc.integer({ min: 0, max: 100_000 }), (given, total) => {
        const sum = given.reduce((a, b) => a + b, 0);
        const counts = largestRemainders(given, total);
        expect(counts.reduce((a, b) => a + b, 0)).toBe(total);
        counts.forEach((count, i) => expect(Math.abs(count - (total * (given[i] ?? 0)) / sum)).toBeLessThan(1.000001));
      }),
    );
  });
});
