import { beforeAll, describe, expect, it } from '@jest/globals';
import type { RegionCode } from '@fangpin/domain-kit';
import {
  censusAgeShares,
  COST_SHARE,
  INCOME_GROWTH,
  MEAN_INCOME_2020_YUAN,
  publishedFifths,
  sourceShares,
  SPREAD_OF_GROUP,
} from './calibration.ts';
import { makeHouseholds, planSeed, type SeedHousehold } from './generate.ts';
import type { IncomeKind } from './income.ts';
import { REFERENCE_YEAR } from './members.ts';

let households: SeedHousehold[];
let persons: number;

beforeAll(() => {
  households = [...makeHouseholds(planSeed({ region: '532327' as RegionCode, asOf: '2026-10' }))];
  persons = households.reduce((sum, { line }) => sum + line.members.length, 0);
});

/** Sum of a kind over both years of the first span. */
const total = (kind: IncomeKind, of: readonly SeedHousehold[] = households): number =>
  of.reduce(
    (sum, { income }) =>
      sum + income.reduce((s, e) => (e.kind === kind && e.from === '2020-01' ? s + e.amountFen : s), 0),
    0,
  );

const net = (of: readonly SeedHousehold[] = households): number =>
  total('wage', of) + total('business', of) + total('property', of) + total('transfer', of) - total('cost', of);

const near = (value: number, wanted: number, within: number): void =>
  expect(Math.abs(value - wanted)).toBeLessThanOrEqual(within);

describe('the made-up households of 永仁县, beside published figures', () => {
  it('have the mean income per head of 2020, grown by half a year’s growth over the two years 2020 and 2021', () => {
    const wanted = MEAN_INCOME_2020_YUAN * INCOME_GROWTH ** 0.5;
    near(net() / 2 / 100 / persons / wanted, 1, 0.01);
  });

  it('have income from wages, business, property and transfers in the published shares', () => {
    const all = net();
    near(total('wage') / all, sourceShares.wage, 0.03);
    near((total('business') - total('cost')) / all, sourceShares.business, 0.03);
    near(total('property') / all, sourceShares.property, 0.01);
    near(total('transfer') / all, sourceShares.transfer, 0.03);
    near(total('cost') / total('business'), COST_SHARE, 0.001);
  });

  it('differ in income as fifths of rural households do, drawn together by the share that is assumed', () => {
    const ratios = households.map((one) => net([one]) / one.line.members.length).sort((a, b) => a - b);
    const mean = ratios.reduce((a, b) => a + b, 0) / ratios.length;
    publishedFifths.forEach((published, i) => {
      const fifth = ratios.slice(i * 1_253, (i + 1) * 1_253);
      const own = fifth.reduce((a, b) => a + b, 0) / fifth.length / mean;
      near(own, 1 + (published - 1) * SPREAD_OF_GROUP, 0.03);
    });
  });

  it('have some households near the line: between 5 and 15 of a hundred below 60 % of the mean', () => {
    const mean = net() / persons;
    const low = households.filter((one) => net([one]) / one.line.members.length < 0.6 * mean).length;
    near(low / households.length, 0.1, 0.05);
  });

  it('have the ages of the census within four points', () => {
    const ages = households.flatMap(({ line }) => line.members.map((member) => REFERENCE_YEAR - member.birthYear));
    const share = (low: number, high: number): number => ages.filter((a) => a >= low && a <= high).length / persons;
    near(share(0, 14), censusAgeShares['0-14'], 0.04);
    near(share(15, 64), censusAgeShares['15-64'], 0.04);
    near(share(65, 120), censusAgeShares['65+'], 0.04);
  });

  it('live in dwellings of grade A or B but for a few', () => {
    const unsafe = households.filter(({ line }) => line.dwelling === 'C' || line.dwelling === 'D').length;
    expect(unsafe / households.length).toBeLessThan(0.01);
  });
});
