import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { judgeTally, type TallySeen } from './judge-tally.rule.js';

const side = { households: 40, hash: 'a' };
const seen: TallySeen = {
  own: side,
  theirs: side,
  checksAgree: true,
  unanswered: 0,
  strangers: 0,
  untouched: true,
  round: 1,
  rounds: 3,
};

describe('the reply to a tally', () => {
  it('that is the same, with nothing unanswered, is agreement, or a mend when something was said again', () => {
    expect(judgeTally(seen)).toEqual({ kind: 'agreed' });
    expect(judgeTally({ ...seen, untouched: false })).toEqual({ kind: 'mended' });
  });

  it('that differs, or leaves alerts unanswered, is gone into again until the rounds are over', () => {
    expect(judgeTally({ ...seen, unanswered: 1 })).toEqual({ kind: 'again' });
    expect(judgeTally({ ...seen, theirs: { ...side, hash: 'b' }, round: 2 })).toEqual({ kind: 'again' });
    expect(judgeTally({ ...seen, unanswered: 1, round: 3 })).toEqual({ kind: 'alarm', because: 'still-differs' });
  });

  it('that has other checks is gone into again though all answers are the same', () => {
    expect(judgeTally({ ...seen, checksAgree: false })).toEqual({ kind: 'again' });
    expect(judgeTally({ ...seen, checksAgree: false, round: 3 })).toEqual({ kind: 'alarm', because: 'still-differs' });
  });

  it('about households never alerted here is an alarm at once', () => {
    expect(judgeTally({ ...seen, strangers: 1 })).toEqual({ kind: 'alarm', because: 'never-alerted' });
  });

  it('never passes for agreement while anything differs, and always comes to an end', () => {
    const any = fc.record({
      own: fc.record({ households: fc.nat(2), hash: fc.constantFrom('a', 'b') }),
      theirs: fc.record({ households: fc.nat(2), hash: fc.constantFrom('a', 'b') }),
      checksAgree: fc.boolean(),
      unanswered: fc.nat(2),
      strangers: fc.nat(2),
      untouched: fc.boolean(),
      round: fc.integer({ min: 1, max: 5 }),
      rounds: fc.integer({ min: 1, max: 5 }),
    });
    fc.assert(
      fc.property(any, (given) => {
        const { kind } = judgeTally(given);
        const clean =
          given.own.households === given.theirs.households &&
          given.own.hash === given.theirs.hash &&
          given.checksAgree &&
          given.unanswered + given.strangers === 0;
        expect(kind === 'agreed' || kind === 'mended').toBe(clean);
        if (given.round >= given.rounds) expect(kind).not.toBe('again');
      }),
    );
  });
});
