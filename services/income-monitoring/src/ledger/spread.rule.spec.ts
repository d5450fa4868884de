import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { plusMonths, type Month } from './month.js';
import { MAX_AMOUNT_FEN, MAX_SPAN_MONTHS, shareInWindow, type Spread } from './spread.rule.js';

const spreads: fc.Arbitrary<Spread> = fc
  .tuple(
    fc.integer({ min: 24_000, max: 24_400 }),
    fc.integer({ min: 1, max: MAX_SPAN_MONTHS }),
    fc.integer({ min: -MAX_AMOUNT_FEN, max: MAX_AMOUNT_FEN }),
  )
  .map(([from, months, amountFen]) => ({ from: from as Month, to: (from + months - 1) as Month, amountFen }));

const monthly = (spread: Spread): number[] => {
  const parts: number[] = [];
  for (let month = spread.from; month <= spread.to; month = plusMonths(month, 1))
    parts.push(shareInWindow(spread, { from: month, to: month }));
  return parts;
};

describe('an amount spread over months', () => {
  it('has parts that add up to the amount exactly and differ by at most one fen', () => {
    fc.assert(
      fc.property(spreads, (spread) => {
        const parts = monthly(spread);
        expect(parts.reduce((a, b) => a + b, 0)).toBe(spread.amountFen);
        expect(Math.max(...parts) - Math.min(...parts)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('gives a window the sum of its months', () => {
    fc.assert(
      fc.property(spreads, fc.integer({ min: 23_950, max: 24_500 }), (spread, start) => {
        const window = { from: start as Month, to: (start + 11) as Month };
        let sum = 0;
        for (let m = window.from; m <= window.to; m = plusMonths(m, 1))
          sum += shareInWindow(spread, { from: m, to: m });
        expect(shareInWindow(spread, window)).toBe(sum);
      }),
    );
  });

  it('is cancelled by its reversal in every month', () => {
    fc.assert(
      fc.property(spreads, (spread) => {
        const reversal = { ...spread, amountFen: -spread.amountFen };
        const back = monthly(reversal);
        expect(monthly(spread).map((part, i) => part + (back[i] as number))).toEqual(monthly(spread).map(() => 0));
      }),
    );
  });

  it('places the odd fen late: 100 fen over three months are 33, 33 and 34', () => {
    expect(monthly({ from: 24_000 as Month, to: 24_002 as Month, amountFen: 100 })).toEqual([33, 33, 34]);
  });
});
