import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { assumedEnd } from './assumed-end.rule.js';

const at = (hour: number): Date => new Date(Date.parse('2026-07-18T00:00:00+08:00') + hour * 3_600_000);

describe('the end of a notice that states none', () => {
  it('comes so many hours after it was said', () => {
    expect(assumedEnd({ from: at(2) }, 6)).toEqual(at(8));
  });

  it('moves on by whole lives for as long as a list of all that is in force holds it', () => {
    expect(assumedEnd({ from: at(0), after: at(5) }, 6)).toEqual(at(6));
    expect(assumedEnd({ from: at(0), after: at(6) }, 6)).toEqual(at(12));
    expect(assumedEnd({ from: at(0), after: at(-3) }, 6)).toEqual(at(6));
  });

  it('is never over while it is in force, and by no more than one life later', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000 }), fc.integer({ min: 1, max: 72 }), (after, hours) => {
        const end = assumedEnd({ from: at(0), after: at(after) }, hours);
        expect(end.getTime()).toBeGreaterThan(at(after).getTime());
        expect(end.getTime()).toBeLessThanOrEqual(at(after + hours).getTime());
      }),
    );
  });
});
