import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { judgeExposure, type ExposureSeen } from './judge-exposure.rule.js';

const seen: ExposureSeen = { mendable: 0, strangers: 0, more: false, touched: false, round: 1, rounds: 3 };

describe('what differs between the exposure and its owner', () => {
  it('is nothing: agreement, or a mend where something was said again before', () => {
    expect(judgeExposure(seen)).toEqual({ kind: 'agreed' });
    expect(judgeExposure({ ...seen, touched: true, round: 2 })).toEqual({ kind: 'mended' });
  });

  it('is said again until the rounds are over', () => {
    expect(judgeExposure({ ...seen, mendable: 3 })).toEqual({ kind: 'again' });
    expect(judgeExposure({ ...seen, more: true, round: 2 })).toEqual({ kind: 'again' });
    expect(judgeExposure({ ...seen, mendable: 1, round: 3 })).toEqual({ kind: 'alarm', because: 'still-differs' });
  });

  it('is looked at twice before a household passes for unknown to its owner', () => {
    expect(judgeExposure({ ...seen, strangers: 1 })).toEqual({ kind: 'again' });
    expect(judgeExposure({ ...seen, strangers: 1, round: 2 })).toEqual({ kind: 'alarm', because: 'unknown-to-owner' });
    expect(judgeExposure({ ...seen, strangers: 1, mendable: 1, round: 2 })).toEqual({ kind: 'again' });
  });

  it('never passes for agreement while there is any, and always comes to an end', () => {
    const any = fc.record({
      mendable: fc.nat(2),
      strangers: fc.nat(2),
      more: fc.boolean(),
      touched: fc.boolean(),
      round: fc.integer({ min: 1, max: 5 }),
      rounds: fc.integer({ min: 1, max: 5 }),
    });
    fc.assert(
      fc.property(any, (given) => {
        const { kind } = judgeExposure(given);
        expect(kind === 'agreed' || kind === 'mended').toBe(given.mendable + given.strangers === 0 && !given.more);
        if (given.round >= given.rounds) expect(kind).not.toBe('again');
      }),
    );
  });
});
