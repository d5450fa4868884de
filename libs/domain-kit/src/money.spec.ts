import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatYuan, perHead, yuanToFen } from './index.js';

describe('money', () => {
  it('in yuan with two decimals is exact in fen', () => {
    const amounts = fc.integer({ min: -100_000_000_000, max: 100_000_000_000 });
    fc.assert(fc.property(amounts, (fen) => expect(yuanToFen(fen / 100)).toBe(fen === 0 ? 0 : fen)));
    expect([yuanToFen(36.37), yuanToFen(10.9286), yuanToFen(1.15)]).toEqual([3637, 1093, 115]);
  });

  it('is written in yuan, with fen only where there are any', () => {
    expect([formatYuan(870_000), formatYuan(123_456_789), formatYuan(-50), formatYuan(0)]).toEqual([
      '8,700元',
      '1,234,567.89元',
      '-0.50元',
      '0元',
    ]);
  });

  it('per head stays an integer within half a fen of the truth', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), fc.integer({ min: 1, max: 30 }), (total, persons) => {
        const each = perHead(total, persons);
        expect(Number.isSafeInteger(each)).toBe(true);
        expect(Math.abs(each - total / persons)).toBeLessThanOrEqual(0.5);
      }),
    );
  });

  it('cannot be divided among nobody', () => {
    expect(() => perHead(100, 0)).toThrow(RangeError);
  });
});
