import { describe, expect, it } from '@jest/globals';
import { COUNTRY, dutyRange, regionOfDuty, type RegionCode } from '@fangpin/domain-kit';
import { isSpecialUnit, villagesOf } from '@fangpin/regions';
import { villagesAsked } from './villages-asked.js';

const region = (code: string): RegionCode => code as RegionCode;
const asked = (codes: readonly string[], cell: RegionCode = COUNTRY): string[] =>
  [...villagesAsked(codes.map(region), dutyRange(cell))].flatMap(({ villages }) =>
    villages.map((duty) => regionOfDuty(duty, 'village')),
  );

describe('the villages that a notice asks', () => {
  it('are the sixty-three of Yongren for the county', () => {
    expect(asked(['532327'])).toHaveLength(63);
  });

  it('are asked once where areas overlap', () => {
    expect(asked(['532327', '532327101', '532327'])).toHaveLength(63);
  });

  it('are those of a township, and the one of a village or of a group of it', () => {
    const [village] = villagesOf(region('532327101'));
    const code = village?.code as string;
    expect(asked(['532327101'])).toEqual(villagesOf(region('532327101')).map((one) => one.code));
    expect(asked([code])).toEqual([code]);
    expect(asked([`${code}001`])).toEqual([code]);
  });

  it('are those of every county of a prefecture, without farms and prisons', () => {
    const all = asked(['5323']);
    expect(new Set(all.map((code) => code.slice(0, 6))).size).toBe(10);
    expect(all.some((code) => isSpecialUnit(region(code)))).toBe(false);
    expect(asked(['53']).length).toBeGreaterThan(14_000);
  });

  it('end at the border of the cell', () => {
    expect(asked(['53'], region('532327'))).toHaveLength(63);
    expect(asked(['532327'], region('5309'))).toEqual([]);
  });

  it('are none for an area that no list holds', () => {
    expect(asked(['999999'])).toEqual([]);
  });
});
