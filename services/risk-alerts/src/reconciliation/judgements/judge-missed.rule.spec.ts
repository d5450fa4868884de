import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { judgeMissed, type MissedSeen } from './judge-missed.rule.js';

const seen: MissedSeen = { unexplained: 0, queued: 0, found: 0, round: 1, rounds: 3 };

describe('households that a shock touches and nobody has judged', () => {
  it('are none where all were judged; where some were looked at meanwhile they are mended', () => {
    expect(judgeMissed(seen)).toBe('agreed');
    expect(judgeMissed({ ...seen, found: 3, round: 2 })).toBe('mended');
  });

  it('are looked at, and an alarm where that does not help', () => {
    expect(judgeMissed({ ...seen, unexplained: 3 })).toBe('again');
    expect(judgeMissed({ ...seen, unexplained: 3, found: 3, round: 3 })).toBe('alarm');
  });

  it('are left to the next comparison where they wait for a look that is under way', () => {
    expect(judgeMissed({ ...seen, queued: 2 })).toBe('again');
    expect(judgeMissed({ ...seen, queued: 2, round: 3 })).toBe('left');
  });

  it('never pass for judged, and the comparison always comes to an end', () => {
    const any = fc.record({
      unexplained: fc.nat(2),
      queued: fc.nat(2),
      found: fc.nat(2),
      round: fc.integer({ min: 1, max: 5 }),
      rounds: fc.integer({ min: 1, max: 5 }),
    });
    fc.assert(
      fc.property(any, (given) => {
        const verdict = judgeMissed(given);
        expect(verdict === 'agreed' || verdict === 'mended').toBe(given.unexplained + given.queued === 0);
        if (given.round >= given.rounds) expect(verdict).not.toBe('again');
        if (given.round >= given.rounds && given.unexplained > 0) expect(verdict).toBe('alarm');
      }),
    );
  });
});
