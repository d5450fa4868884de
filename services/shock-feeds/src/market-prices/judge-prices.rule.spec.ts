import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { loadPolicy } from '@fangpin/policy';
import { judgePrices } from './judge-prices.rule.js';
import { dayNumber, dayOf, type PricePoint } from './price-point.js';
import { pricePolicy } from './price-policy.js';

const policy = loadPolicy();
const PIG = { product: 100, market: '云南省' };
const MAIZE = { product: 2, market: '云南省' };
const weekly = (from: string, prices: readonly number[], step = 7): PricePoint[] =>
  prices.map((fenPerKg, i) => ({ day: dayOf(dayNumber(from) + i * step), fenPerKg }));
const steady = (weeks: number, fen: number): number[] => Array.from({ length: weeks }, () => fen);
const judge = (pigs: readonly PricePoint[], maize: readonly PricePoint[] = []) =>
  judgePrices(PIG, pigs, pricePolicy(PIG, policy), { points: maize, policy: pricePolicy(MAIZE, policy) }).cases;
const spans = (pigs: readonly PricePoint[], maize: readonly PricePoint[] = []) =>
  judge(pigs, maize).flatMap(({ had }) =>
    had.map(({ measure, from, endedOn, level }) => [measure, from, endedOn, level]),
  );

describe('a price under the production cost', () => {
  it('speaks for a shock from the third week on and until three weeks have paid again', () => {
    const pigs = weekly('2022-01-02', [...steady(4, 1_700), ...steady(5, 1_500), 1_650, 1_500, ...steady(3, 1_650)]);
    expect(spans(pigs)).toEqual([['under-cost', '2022-01-30', '2022-04-03', 1]]);
    // Measured against the cost: who sells above it loses nothing.
    expect(judge(pigs)[0]).toMatchObject({ referenceFenPerKg: 1_600, latestFenPerKg: 1_650 });
  });

  it('is nothing to a crop, which has no cost by policy', () => {
    const potato = { product: 4, market: '云南省' };
    const points = weekly('2022-01-02', steady(20, 1));
    expect(judgePrices(potato, points, pricePolicy(potato, policy), undefined).cases).toEqual([]);
  });
});

describe('the pig:grain ratio', () => {
  const ratio = (...ratios: number[]) =>
    spans(
      weekly(
        '2023-01-01',
        ratios.map((one) => one * 300),
      ),
      weekly('2023-01-01', steady(ratios.length, 300)),
    ).filter(([measure]) => measure === 'pig-grain-ratio');

  it('is 三级 from the second week under 6:1, 二级 from the third, 一级 from the second under 5:1', () => {
    expect(ratio(6.5, 5.9, 5.8)).toEqual([['pig-grain-ratio', '2023-01-08', undefined, 2]]);
    expect(ratio(6.5, 5.9, 5.8, 5.2)).toEqual([['pig-grain-ratio', '2023-01-08', undefined, 3]]);
    expect(ratio(6.5, 4.9, 4.8)).toEqual([['pig-grain-ratio', '2023-01-08', undefined, 4]]);
  });

  it('is not started by one bad week, nor ended by one good one', () => {
    expect(ratio(6.5, 4.5, 6.2, 6.3, 4.5, 6.5)).toEqual([]);
    expect(ratio(6.5, 5.8, 5.7, 6.4, 5.9, 6.2, 6.1, 5.9)).toEqual([['pig-grain-ratio', '2023-01-08', undefined, 2]]);
    expect(ratio(6.5, 5.8, 5.7, 6.4, 6.2, 6.0)).toEqual([['pig-grain-ratio', '2023-01-08', '2023-02-05', 2]]);
  });

  it('takes the plan of the day: 5.5:1 until the plan of June 2021', () => {
    const maize = weekly('2021-05-02', steady(8, 300));
    const pigs = weekly('2021-05-02', steady(8, 300 * 5.8));
    expect(spans(pigs, maize)).toEqual([['pig-grain-ratio', '2021-06-13', undefined, 2]]);
  });

  it('says nothing of weeks without maize, and joins prices of other days of the week', () => {
    const pigs = weekly('2023-01-01', steady(6, 1_700));
    expect(spans(pigs, weekly('2023-03-01', [300]))).toEqual([]);
    expect(spans(pigs, weekly('2023-01-04', steady(6, 300)))).toEqual([
      ['pig-grain-ratio', '2023-01-01', undefined, 3],
    ]);
  });
});

describe('signals of one series', () => {
  // From steady years at 20 yuan down to 15 and to 11, with maize at 2.6 yuan.
  const fallen = [...steady(60, 2_000), ...steady(4, 1_580), ...steady(6, 1_150)];
  const maize = weekly('2021-01-03', steady(120, 260));

  it('are one shock while they meet, at the gravest level, measured against the mean before the fall', () => {
    const [found, ...others] = judge(weekly('2021-01-03', fallen), maize);
    expect(others).toEqual([]);
    expect(found).toMatchObject({ from: '2022-02-27', level: 4, referenceFenPerKg: 2_000, latestFenPerKg: 1_150 });
    expect(found?.signals.map(({ measure }) => measure)).toEqual(['fall', 'under-cost', 'pig-grain-ratio']);
  });

  it('leave one by one, and the shock ends with the last', () => {
    const back = [...fallen, ...steady(4, 1_640)];
    const eased = judge(weekly('2021-01-03', back), maize)[0];
    expect(eased?.signals.map(({ measure }) => measure)).toEqual(['fall']);
    expect(eased?.endedOn).toBeUndefined();
    const over = judge(weekly('2021-01-03', [...back, ...steady(4, 1_950)]), maize);
    expect(over).toHaveLength(1);
    expect(over[0]).toMatchObject({ endedBy: 'hysteresis', level: 4 });
    expect(over[0]?.signals).toHaveLength(3);
  });

  it('are not joined over weeks without prices, and a long silence ends them', () => {
    const before = weekly('2021-01-03', [...steady(52, 2_000), 1_500, 1_500]);
    const after = weekly('2022-03-13', [1_550, 1_550]);
    expect(spans([...before, ...after]).filter(([measure]) => measure === 'fall')).toEqual([]);
    const open = weekly('2021-01-03', [...steady(52, 2_000), ...steady(4, 1_500)]);
    const later = weekly('2023-01-01', steady(2, 1_900));
    expect(judge([...open, ...later])).toMatchObject([{ endedOn: '2022-07-24', endedBy: 'silence' }]);
  });

  it('never overlap as shocks, lie in order, and are the same in whatever order the rows came', () => {
    const step = fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 600, max: 3_000 }));
    fc.assert(
      fc.property(fc.array(step, { minLength: 2, maxLength: 12 }), fc.array(step, { maxLength: 12 }), (pig, grain) => {
        const pigs = weekly(
          '2020-06-07',
          pig.flatMap(([weeks, fen]) => steady(weeks, fen)),
        );
        const grains = weekly(
          '2020-06-07',
          grain.flatMap(([weeks, fen]) => steady(weeks, fen / 7)),
        );
        const cases = judge(pigs, grains);
        for (const [i, { from, endedOn, signals, level }] of cases.entries()) {
          const next = cases[i + 1];
          if (next !== undefined) expect(endedOn !== undefined && endedOn < next.from).toBe(true);
          expect(signals.length > 0 && level >= 1 && level <= 4 && from <= (endedOn ?? '9999')).toBe(true);
        }
        expect(judge([...pigs].reverse(), [...grains].reverse())).toEqual(cases);
      }),
    );
  });
});
