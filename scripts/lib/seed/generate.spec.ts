import { describe, expect, it } from '@jest/globals';
import { contains, findIdNumber, isCreditCode, type RegionCode } from '@fangpin/domain-kit';
import { identityKeyOf } from '@fangpin/service-kit';
import fc from 'fast-check';
import { readHouseholdLine } from '../../../services/household-registry/src/bulk/household-line.ts';
import { makeHouseholds, planSeed, type SeedHousehold, type SeedSettings } from './generate.ts';

const yongren = '532327' as RegionCode;
const asOf = '2026-10';
const make = (settings: SeedSettings): SeedHousehold[] => [...makeHouseholds(planSeed(settings))];

describe('the households of 永仁县', () => {
  const households = make({ region: yongren, asOf });

  it('are exactly the 6,265 households and 22,245 persons that the plan states, in its 63 villages', () => {
    expect(households).toHaveLength(6_265);
    expect(households.reduce((sum, { line }) => sum + line.members.length, 0)).toBe(22_245);
    expect(new Set(households.map(({ line }) => line.villageCode)).size).toBe(63);
    expect(households.every(({ line }) => line.group === 'lifted-out')).toBe(true);
  });

  it('come in the order of villages, each with a key of its own', () => {
    const villages = households.map(({ line }) => line.villageCode);
    expect(villages).toEqual([...villages].sort());
    expect(new Set(households.map(({ line }) => line.sourceKey)).size).toBe(6_265);
  });

  it('are the same on every run', () => {
    expect(make({ region: yongren, asOf })).toEqual(households);
    // What is written here was made on another machine: a change of it changes every demo.
    expect(households[0]?.line).toMatchObject({ sourceKey: 'seed:532327:000001', villageCode: '532327101001' });
  });

  it('are others of the same shape under another seed', () => {
    const others = make({ region: yongren, asOf, seed: 'another' });
    expect(others).toHaveLength(6_265);
    expect(others[0]).not.toEqual(households[0]);
  });

  it('all farm when a benchmark asks for it, and who farms anyway stays as it was', () => {
    const farming = make({ region: yongren, asOf, everyHouseholdFarms: true });
    const crops = ({ line }: SeedHousehold) => line.livelihoods.filter(({ product }) => product < 100);
    expect(farming.every((household) => crops(household).length > 0)).toBe(true);
    households.forEach((household, i) => {
      if (crops(household).length > 0) expect(farming[i]?.line).toEqual(household.line);
    });
  });

  it('keep people, fields and keys when only the last month of income is another', () => {
    const later = make({ region: yongren, asOf: '2026-12' });
    expect(later.map(({ line }) => line)).toEqual(households.map(({ line }) => line));
    const keysOf = (all: readonly SeedHousehold[]): string[] =>
      all.flatMap((one) => one.income.map((e) => e.sourceKey));
    expect(keysOf(later)).toEqual(keysOf(households));
  });

  it('are all taken by the register as they are', () => {
    const today = new Date('2026-11-22T00:00:00Z');
    const key = identityKeyOf('2e'.repeat(32));
    for (const [i, { line }] of households.entries())
      expect(readHouseholdLine(JSON.stringify(line), i, today, key).sourceKey).toBe(line.sourceKey);
  });

  it('have ID numbers, each their own, that nobody holds', () => {
    const numbers = households.flatMap(({ line }) => line.members.map(({ idNumber }) => idNumber ?? ''));
    expect(new Set(numbers).size).toBe(22_245);
    expect(numbers.every((number) => findIdNumber(number) === number && number.startsWith('99'))).toBe(true);
  });

  it('work for a few made-up firms, where the employer is on record', () => {
    const jobs = households.flatMap(({ line }) => line.livelihoods.filter(({ product }) => product >= 200));
    const employers = jobs.flatMap(({ employer }) => employer ?? []);
    expect(employers.length / jobs.length).toBeGreaterThan(0.3);
    expect(employers.length / jobs.length).toBeLessThan(0.4);
    expect(new Set(employers).size).toBe(9);
    expect(employers.every(isCreditCode)).toBe(true);
  });

  it('grow mango where the valley is hot', () => {
    const share = (of: readonly SeedHousehold[]): number =>
      of.filter(({ line }) => line.livelihoods.some(({ product }) => product === 9)).length / of.length;
    const valley = households.filter(({ line }) => line.villageCode.startsWith('532327204'));
    expect(share(valley)).toBeGreaterThan(5 * share(households.filter((one) => !valley.includes(one))));
  });
});

describe('any plan', () => {
  it('adds up, stays in its area and owes nobody money', () => {
    const areas = fc.constantFrom('532327', '532327103', '5309', '532622', '522326') as fc.Arbitrary<RegionCode>;
    fc.assert(
      fc.property(
        areas,
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: 100, max: 800 }),
        (region, count, percent) => {
          const persons = Math.round((count * percent) / 100);
          const all = make({ region, asOf, households: count, persons });
          expect(all).toHaveLength(count);
          expect(all.reduce((sum, { line }) => sum + line.members.length, 0)).toBe(persons);
          for (const { line, income } of all) {
            expect(contains(region, line.villageCode as RegionCode)).toBe(true);
            expect(line.members.filter(({ relation }) => relation === 'head')).toHaveLength(1);
            expect(income.every(({ amountFen }) => Number.isSafeInteger(amountFen) && amountFen > 0)).toBe(true);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('leaves farms and prisons out: 临沧 has 77 townships in its plan, 84 in the code list', () => {
    const plan = planSeed({ region: '5309' as RegionCode, asOf });
    expect([plan.households, plan.persons]).toEqual([99_749, 384_835]);
    expect(new Set(plan.villages.map(({ village }) => village.slice(0, 9))).size).toBe(77);
  });

  it('is refused for an unknown area, a village, a county without a number, and more persons than fit', () => {
    expect(() => planSeed({ region: '539999' as RegionCode, asOf })).toThrow('no known region');
    expect(() => planSeed({ region: '532327101201' as RegionCode, asOf, households: 5 })).toThrow('not for a village');
    expect(() => planSeed({ region: '532323' as RegionCode, asOf })).toThrow('say how many');
    expect(() => make({ region: yongren, asOf, households: 10, persons: 81 })).toThrow('do not fit');
    expect(() => planSeed({ region: yongren, asOf: '2021-13' })).toThrow('YYYY-MM');
    expect(() => planSeed({ region: yongren, asOf: '2021-06' })).toThrow('2023-12');
  });
});
