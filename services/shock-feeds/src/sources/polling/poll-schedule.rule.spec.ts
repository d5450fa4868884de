import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BREAK_SECONDS, secondsAfterFailure, secondsAfterSuccess } from './poll-schedule.rule.js';

const chance = fc.double({ min: 0, max: 1, noNaN: true });
const round = { circuitOpen: false, retryAfterSeconds: 0 };

describe('the next round', () => {
  it('comes after about an interval where all went well', () => {
    expect([0, 0.5, 1].map((by) => secondsAfterSuccess(300, by))).toEqual([270, 300, 330]);
  });

  it('comes later with each failure, up to an hour', () => {
    const waits = [1, 2, 3, 7, 8, 100].map((failures) => secondsAfterFailure({ ...round, failures }, 1));
    expect(waits).toEqual([30, 60, 120, 1_920, 3_600, 3_600]);
  });

  it('never comes sooner than half of the back-off, the break or the wish of the other side', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.boolean(),
        fc.nat(21_600),
        chance,
        (failures, circuitOpen, wish, by) => {
          const wait = secondsAfterFailure({ failures, circuitOpen, retryAfterSeconds: wish }, by);
          expect(wait).toBeGreaterThanOrEqual(Math.max(15, wish, circuitOpen ? BREAK_SECONDS : 0));
          expect(wait).toBeLessThanOrEqual(21_600);
        },
      ),
    );
  });
});
