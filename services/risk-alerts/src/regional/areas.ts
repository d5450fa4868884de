/** Villages, townships and counties by their numbers, and how figures of villages add up to those above. */
import { parseRegionCode, type RegionCode } from '@fangpin/domain-kit';

export type AreaLevel = 'village' | 'township' | 'county';

/** An area by its level and the first duty code in it. */
export interface Area {
  readonly level: AreaLevel;
  readonly dutyCode: number;
}

/** Duty codes in one area of a level. */
export const SPAN: Readonly<Record<AreaLevel, number>> = { village: 1e3, township: 1e6, county: 1e9 };
const DIGITS: Readonly<Record<AreaLevel, number>> = { village: 12, township: 9, county: 6 };

export function areaOf(level: AreaLevel, dutyCode: number): Area {
  return { level, dutyCode: Math.floor(dutyCode / SPAN[level]) * SPAN[level] };
}

export function regionOf({ level, dutyCode }: Area): RegionCode {
  return String(dutyCode).padStart(15, '0').slice(0, DIGITS[level]) as RegionCode;
}

/** The area of a region code; undefined for a code that is no village, township or county. */
export function findArea(text: string): Area | undefined {
  const region = parseRegionCode(text);
  const level = (Object.keys(DIGITS) as AreaLevel[]).find((one) => DIGITS[one] === region.length);
  return level === undefined ? undefined : { level, dutyCode: Number(region.padEnd(15, '0')) };
}

/** Households that stand directly under a township or county have no village of their own to be warned of. */
export function isNamed({ level, dutyCode }: Area): boolean {
  return level === 'county' || Math.floor(dutyCode / SPAN[level]) % 1000 !== 0;
}

/** Sums of values by village, for the areas of a level. A household stands in one village, so it is counted once in each. */
export function sumsAt(level: AreaLevel, byVillage: ReadonlyMap<number, number>): Map<number, number> {
  const sums = new Map<number, number>();
  for (const [village, value] of byVillage) {
    const { dutyCode } = areaOf(level, village);
    sums.set(dutyCode, (sums.get(dutyCode) ?? 0) + value);
  }
  return sums;
}
