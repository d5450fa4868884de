import { describe, expect, it } from '@jest/globals';
import { COUNTRY, parseRegionCode } from '@fangpin/domain-kit';
import { loadPolicy } from './index.js';

const policy = loadPolicy();
const days = ['2013-06-10', '2016-01-03', '2019-12-29', '2021-06-08', '2021-06-09', '2026-07-18'];

describe('the policy of price series', () => {
  it('can judge a price of any day since 2013', () => {
    for (const day of days) {
      for (const key of ['price-series', 'price-fall', 'price-under-cost'] as const)
        expect(() => policy.get(key, COUNTRY, day, 'pig')).not.toThrow();
      expect(() => policy.get('animal-price', COUNTRY, day, 'pig')).not.toThrow();
    }
  });

  it('has the levels of the pork plan from its own day, from the mildest to the gravest', () => {
    const below = (day: string) => policy.get('pig-grain-ratio', COUNTRY, day).value.steps.map((s) => s.belowPermille);
    expect(days.map(below)).toEqual([
      [6_000, 5_500, 5_000],
      [5_500, 5_000, 4_500],
      [5_500, 5_000, 4_500],
      [5_500, 5_000, 4_500],
      [6_000, 6_000, 5_000],
      [6_000, 6_000, 5_000],
    ]);
    for (const day of days) {
      const { steps, endFromPermille } = policy.get('pig-grain-ratio', COUNTRY, day).value;
      expect(steps.every(({ consecutiveWeeks }) => consecutiveWeeks >= 2)).toBe(true);
      expect(endFromPermille).toBeGreaterThanOrEqual(steps[0]?.belowPermille ?? Infinity);
    }
  });

  it('sends what fell before there was a monitoring line to no household', () => {
    const lane = (region: string, day: string) =>
      policy.get('price-signal-lane', parseRegionCode(region), day, 'fall').value.red;
    expect(['2019-12-31', '2020-06-01', '2021-01-01'].map((day) => lane('53', day))).toEqual([
      'recorded',
      'alert',
      'alert',
    ]);
    expect(['2019-12-31', '2020-06-01', '2021-01-01'].map((day) => lane('52', day))).toEqual([
      'recorded',
      'recorded',
      'alert',
    ]);
  });
});
