import { describe, expect, it } from '@jest/globals';
import { caseStates } from '../case-states.js';
import { openIntervals, overlapsOf } from './open-intervals.js';

const at = (hour: number): Date => new Date(Date.UTC(2026, 6, 20, hour));
const step = (hour: number, state: keyof typeof caseStates) => ({
  steppedAt: at(hour),
  toState: caseStates[state].code,
});
const span = (from: number, until: number | null) => ({ from: at(from), until: until === null ? null : at(until) });

describe('when a case was open', () => {
  it('is from its opening on, until a step ends it, and again from where it is taken up', () => {
    expect(openIntervals(at(1), [])).toEqual([span(1, null)]);
    expect(openIntervals(at(1), [step(2, 'verifying'), step(3, 'dismissed')])).toEqual([span(1, 3)]);
    expect(openIntervals(at(1), [step(3, 'withdrawn'), step(5, 'clue'), step(6, 'verifying')])).toEqual([
      span(1, 3),
      span(5, null),
    ]);
  });

  it('is met by a check item for as long as both are open', () => {
    const open = [span(2, 4), span(6, null)];
    expect(overlapsOf(span(1, null), open)).toEqual([span(2, 4), span(6, null)]);
    expect(overlapsOf(span(3, 5), open)).toEqual([span(3, 4)]);
    expect(overlapsOf(span(1, 2), open)).toEqual([]);
    expect(overlapsOf(span(4, 6), open)).toEqual([]);
    expect(overlapsOf(span(7, 8), open)).toEqual([span(7, 8)]);
  });
});
