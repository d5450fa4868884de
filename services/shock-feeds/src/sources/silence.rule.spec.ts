import { describe, expect, it } from '@jest/globals';
import type { SourceSilence } from '@fangpin/policy';
import fc from 'fast-check';
import { judgeSilence, type HeardSource } from './silence.rule.js';

const rule: SourceSilence = {
  factor: 2,
  floorMinutes: 60,
  quantile: 0.9,
  weeks: 6,
  minGaps: 7,
  untilKnownMinutes: 180,
};
const HOUR = 60;
const DAY = 24 * HOUR;
const heardAt = new Date('2026-07-18T00:00:00Z');
const after = (minutes: number): Date => new Date(heardAt.getTime() + minutes * 60_000);
const source = (over: Partial<HeardSource> = {}): HeardSource => ({
  lastHeardAt: heardAt,
  watchedSince: new Date('2026-01-01T00:00:00Z'),
  gapMinutes: [],
  expected: true,
  ...over,
});
const days = (count: number, gap: number): number[] => Array.from({ length: count }, () => gap);
const isSilent = (heard: HeardSource, minutes: number, by: SourceSilence = rule): boolean =>
  judgeSilence(heard, by, after(minutes)).silentSince !== null;

const gaps = fc.array(fc.integer({ min: 0, max: 60 * DAY }), { maxLength: 60 });
const rules = fc.record({
  factor: fc.double({ min: 1, max: 10, noNaN: true }),
  floorMinutes: fc.integer({ min: 1, max: 10 * DAY }),
  quantile: fc.double({ min: 0.5, max: 1, noNaN: true }),
  weeks: fc.constant(6),
  minGaps: fc.integer({ min: 1, max: 20 }),
  untilKnownMinutes: fc.integer({ min: 1, max: 30 * DAY }),
});

describe('the silence of a source', () => {
  it('never ends by lasting longer', () => {
    fc.assert(
      fc.property(gaps, rules, fc.nat(100 * DAY), fc.nat(100 * DAY), (gapMinutes, by, sooner, longer) => {
        const heard = source({ gapMinutes });
        const first = judgeSilence(heard, by, after(sooner)).silentSince;
        const later = judgeSilence(heard, by, after(sooner + longer)).silentSince;
        if (first !== null) expect(later).toEqual(first);
      }),
    );
  });

  it('is not reported of a regular source before its normal gap is over, however wide it swings', () => {
    fc.assert(
      fc.property(
        rules,
        fc.integer({ min: 1, max: 10 * DAY }),
        fc.array(fc.double({ min: 0.75, max: 1, noNaN: true }), { minLength: 20, maxLength: 42 }),
        (any, normal, swings) => {
          const by = { ...any, factor: 1.5 + any.factor };
          const heard = source({ gapMinutes: swings.map((swing) => Math.ceil(normal * swing)) });
          expect(isSilent(heard, normal, by)).toBe(false);
        },
      ),
    );
  });

  it('does not depend on the order of the gaps', () => {
    fc.assert(
      fc.property(gaps, rules, fc.nat(100 * DAY), (gapMinutes, by, minutes) => {
        const turned = source({ gapMinutes: [...gapMinutes].reverse() });
        expect(judgeSilence(turned, by, after(minutes))).toEqual(
          judgeSilence(source({ gapMinutes }), by, after(minutes)),
        );
      }),
    );
  });

  it('of one that speaks daily is reported once two days have passed', () => {
    const daily = source({ gapMinutes: days(14, DAY) });
    expect(isSilent(daily, DAY + 3 * HOUR)).toBe(false);
    expect(isSilent(daily, 2 * DAY + 1)).toBe(true);
    expect(judgeSilence(daily, rule, after(3 * DAY))).toEqual({
      usualGapMinutes: DAY,
      silentAfterMinutes: 2 * DAY,
      silentSince: after(2 * DAY),
    });
  });

  it('of one that rests every night is not reported in the night', () => {
    const nightly = source({ gapMinutes: days(30, 9 * HOUR) });
    expect(isSilent(nightly, 9 * HOUR + 30)).toBe(false);
    expect(isSilent(nightly, 18 * HOUR + 1)).toBe(true);
  });

  it('is not made usual by one long outage', () => {
    const recovered = source({ gapMinutes: [...days(13, 4 * HOUR), 5 * DAY] });
    expect(isSilent(recovered, 8 * HOUR + 1)).toBe(true);
  });

  it('is not reported under the floor of the policy', () => {
    expect(isSilent(source({ gapMinutes: days(30, 5) }), 59)).toBe(false);
    expect(isSilent(source({ gapMinutes: days(30, 5) }), 61)).toBe(true);
  });

  it('is judged by the declared length, else by the policy, as long as there is no habit', () => {
    const young = { gapMinutes: days(6, 5) };
    expect(isSilent(source(young), 181)).toBe(true);
    expect(isSilent(source(young), 179)).toBe(false);
    expect(isSilent(source({ ...young, declaredMinutes: 30 }), 31)).toBe(true);
    expect(judgeSilence(source(young), rule, after(1)).usualGapMinutes).toBeNull();
  });

  it('of a person is reported only once it breaks a habit', () => {
    expect(isSilent(source({ expected: false }), 365 * DAY)).toBe(false);
    expect(isSilent(source({ expected: false, gapMinutes: days(7, HOUR) }), 3 * HOUR)).toBe(true);
  });

  it('of a channel without a policy is reported only where a length is declared', () => {
    expect(judgeSilence(source(), undefined, after(365 * DAY)).silentSince).toBeNull();
    expect(judgeSilence(source({ declaredMinutes: 10 }), undefined, after(11)).silentSince).toEqual(after(10));
  });

  it('is counted from when it was first expected, where it never spoke or was switched off', () => {
    expect(isSilent(source({ lastHeardAt: null, watchedSince: heardAt }), 181)).toBe(true);
    expect(isSilent(source({ watchedSince: after(1000) }), 1179)).toBe(false);
  });
});
