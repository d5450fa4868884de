import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { COUNTRY } from '@fangpin/domain-kit';
import { loadPolicy } from '@fangpin/policy';
import { markPrices } from './mark-prices.rule.js';
import { dayNumber, dayOf, type PricePoint } from './price-point.js';

const policy = loadPolicy();
const ruleOn = (day: string) => policy.get('price-series', COUNTRY, day, 'pig').value;
const START = dayNumber('2021-01-03');
const weekly = (...prices: number[]): PricePoint[] =>
  prices.map((fenPerKg, i) => ({ day: dayOf(START + i * 7), fenPerKg }));
const marked = (points: readonly PricePoint[]) => markPrices(points, ruleOn).marks.map(({ day, mark }) => [day, mark]);

describe('a price far from its neighbours', () => {
  it('is marked and does not count: a decimal point left out, 斤 for 公斤', () => {
    const points = weekly(1_600, 1_610, 16_200, 1_630, 815, 1_640);
    expect(marked(points)).toEqual([
      ['2021-01-17', 'outlier'],
      ['2021-01-31', 'outlier'],
    ]);
    expect(markPrices(points, ruleOn).kept.map(({ fenPerKg }) => fenPerKg)).toEqual([1_600, 1_610, 1_630, 1_640]);
  });

  it('waits for the next price, which confirms it or not', () => {
    const before = weekly(2_000, 2_000, 2_000, 1_000);
    expect(marked(before)).toEqual([['2021-01-24', 'outlier']]);
    expect(marked(weekly(2_000, 2_000, 2_000, 1_000, 1_010))).toEqual([]);
    expect(marked(weekly(2_000, 2_000, 2_000, 1_000, 1_990))).toEqual([['2021-01-24', 'outlier']]);
  });

  it('may be the first of its series', () => {
    expect(marked(weekly(160, 1_600, 1_610, 1_620))).toEqual([['2021-01-03', 'outlier']]);
  });

  it('is none in a steep slide, week by week', () => {
    expect(marked(weekly(2_000, 1_600, 1_200, 900, 650, 480))).toEqual([]);
  });

  it('is the same in whatever order the rows came, and every price is kept or marked', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(fc.nat(400), fc.integer({ min: 1, max: 9_000 })), { selector: ([d]) => d }),
        (rows) => {
          const points = rows.map(([day, fenPerKg]) => ({ day: dayOf(START + day), fenPerKg }));
          const { kept, marks } = markPrices(points, ruleOn);
          expect(kept.length + marks.filter(({ mark }) => mark === 'outlier').length).toBe(points.length);
          expect(markPrices([...points].reverse(), ruleOn)).toEqual({ kept, marks });
        },
      ),
    );
  });
});

describe('weeks without prices', () => {
  it('are marked at the price that follows them', () => {
    const [first, ...rest] = weekly(1_600, 1_610, 1_620, 1_630, 1_640);
    expect(marked([first as PricePoint, ...rest.slice(-1)])).toEqual([['2021-01-31', 'gap']]);
    expect(marked([first as PricePoint, ...rest.slice(-2)])).toEqual([]);
  });
});
