import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { COUNTRY } from '@fangpin/domain-kit';
import { loadPolicy } from '@fangpin/policy';
import { findPriceFalls as falls } from './price-fall.rule.js';
import type { PricePoint } from './price-point.js';
import { fenPerKg, findPriceUnit } from './price-unit.js';

const policy = loadPolicy();
const ruleOn = (day: string) => policy.get('price-fall', COUNTRY, day, 'pig').value;
const seriesOn = (day: string) => policy.get('price-series', COUNTRY, day, 'pig').value;
const findPriceFalls = (points: readonly PricePoint[], rule: Parameters<typeof falls>[1]) =>
  falls(points, rule, seriesOn);
const START = Date.parse('2020-01-05T00:00:00Z');
const weekly = (prices: readonly number[]): PricePoint[] =>
  prices.map((fen, i) => ({ day: new Date(START + i * 7 * 86_400_000).toISOString().slice(0, 10), fenPerKg: fen }));
const steady = (weeks: number, fen: number): number[] => Array.from({ length: weeks }, () => fen);

/** Series with plateaus and slides, as prices go. */
const someSeries = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 500, max: 4_000 })), {
    minLength: 1,
    maxLength: 10,
  })
  .map((parts) => weekly(parts.flatMap(([weeks, fen]) => steady(weeks, fen))));

describe('a fall of prices', () => {
  it('opens at the first of three weeks past the mark, against the mean of the year before', () => {
    const falls = findPriceFalls(weekly([...steady(52, 2_000), 1_600, 1_590, 1_580]), ruleOn);
    expect(falls).toMatchObject([
      { from: '2021-01-03', openedOn: '2021-01-17', referenceFenPerKg: 2_000, latestPermille: 210, level: 1 },
    ]);
    expect(falls[0]).not.toHaveProperty('endedOn');
  });

  it('does not open while fewer than 26 weeks of prices stand behind it', () => {
    expect(findPriceFalls(weekly([...steady(20, 2_000), 800, 800, 800]), ruleOn)).toEqual([]);
  });

  it('reaches a further level as it deepens, and keeps it when prices recover a little', () => {
    const [fall] = findPriceFalls(weekly([...steady(52, 2_000), 1_500, 1_300, 1_150, 950, 1_300]), ruleOn);
    expect(fall).toMatchObject({ level: 4, latestPermille: 350 });
  });

  it('ends on the fourth week near its reference, and a second fall is a second shock', () => {
    const falls = findPriceFalls(
      weekly([...steady(52, 2_000), ...steady(3, 1_500), ...steady(60, 1_950), ...steady(4, 1_000)]),
      ruleOn,
    );
    expect(falls.map(({ from, endedOn }) => [from, endedOn])).toEqual([
      ['2021-01-03', '2021-02-14'],
      ['2022-03-20', undefined],
    ]);
  });

  it('is not judged on days without policy, whose prices later ones are measured against', () => {
    const prices = weekly([...steady(52, 2_000), ...steady(5, 1_000)]);
    expect(findPriceFalls(prices, (day) => (day < '2021-01-17' ? undefined : ruleOn(day)))).toMatchObject([
      { from: '2021-01-17', level: 3 },
    ]);
    expect(findPriceFalls(prices, () => undefined)).toEqual([]);
  });

  it('is not started by one bad week, nor ended by one good one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 27, max: 80 }), fc.integer({ min: 100, max: 6_000 }), (at, fen) => {
        const calm = steady(90, 2_000);
        calm[at] = fen;
        expect(findPriceFalls(weekly(calm), ruleOn)).toEqual([]);
        const fallen = [...steady(52, 2_000), ...steady(20, 1_200)];
        fallen[56 + (at % 10)] = fen;
        expect(findPriceFalls(weekly(fallen), ruleOn)).toHaveLength(1);
        expect(findPriceFalls(weekly(fallen), ruleOn)[0]?.endedOn).toBeUndefined();
      }),
    );
  });

  it('is the same in whatever order the rows came', () => {
    fc.assert(
      fc.property(
        someSeries.chain((series) =>
          fc.tuple(fc.constant(series), fc.shuffledSubarray(series, { minLength: series.length })),
        ),
        ([series, shuffled]) => {
          expect(findPriceFalls(shuffled, ruleOn)).toEqual(findPriceFalls(series, ruleOn));
        },
      ),
    );
  });

  it('never overlaps another of its series, and lies within the series', () => {
    fc.assert(
      fc.property(someSeries, (series) => {
        const falls = findPriceFalls(series, ruleOn);
        for (const [i, fall] of falls.entries()) {
          expect(fall.from <= fall.openedOn && fall.openedOn <= (fall.endedOn ?? '9999')).toBe(true);
          expect(fall.level).toBeGreaterThanOrEqual(1);
          const next = falls[i + 1];
          if (next !== undefined) expect(fall.endedOn !== undefined && fall.endedOn < next.from).toBe(true);
        }
      }),
    );
  });

  it('finds one shock in the national pig prices of 2020–2021, from April and open at the low of October', () => {
    const file = new URL('../../../../scripts/lib/demo/data/pig-prices-2020-2021.csv', import.meta.url);
    const unit = findPriceUnit('元/公斤');
    const points = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(','))
      .map(([, , , day = '', price = '']) => ({
        day,
        fenPerKg: unit === undefined ? 0 : (fenPerKg(price, unit) ?? 0),
      }));
    expect(points).toHaveLength(93);
    const falls = findPriceFalls(points, ruleOn);
    expect(falls).toMatchObject([{ from: '2021-04-04', openedOn: '2021-04-18', latestPermille: 666, level: 4 }]);
    expect(falls[0]?.endedOn).toBeUndefined();
  });
});
