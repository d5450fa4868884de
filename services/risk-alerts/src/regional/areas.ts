/** Areas from village to province by their numbers, and how figures of villages and counties add up to those above. */
import { dutyRange, findRegionCode, type DutyRange, type RegionCode } from '@fangpin/domain-kit';

export const areaLevels = ['village', 'township', 'county', 'prefecture', 'province'] as const;
export type AreaLevel = (typeof areaLevels)[number];

/** An area by its level and the first duty code in it. */
export interface Area {
  readonly level: AreaLevel;
  readonly dutyCode: number;
}

/** Duty codes in one area of a level. */
export const SPAN: Readonly<Record<AreaLevel, number>> = {
  village: 1e3,
  township: 1e6,
  county: 1e9,
  prefecture: 1e11,
  province: 1e13,
};
const DIGITS: Readonly<Record<AreaLevel, number>> = { village: 12, township: 9, county: 6, prefecture: 4, province: 2 };
/** 北京, 天津, 上海, 重庆: what the lists have between them and their districts is no prefecture. */
const MUNICIPALITIES: readonly number[] = [11, 12, 31, 50];
/** 省直辖县级行政区划: counties directly under a province. */
const DIRECTLY_UNDER_PROVINCE = 90;

export function areaOf(level: AreaLevel, dutyCode: number): Area {
  return { level, dutyCode: Math.floor(dutyCode / SPAN[level]) * SPAN[level] };
}

export function regionOf({ level, dutyCode }: Area): RegionCode {
  return String(dutyCode).padStart(15, '0').slice(0, DIGITS[level]) as RegionCode;
}

/**
 * The area of a region code; undefined for a code of another length, and for the country. The code is taken as it is written: 441900
 * is the county-level code of a prefecture without counties, not the prefecture.
 */
export function findArea(text: string): Area | undefined {
  const level = areaLevels.find((one) => DIGITS[one] === text.length);
  if (level === undefined || text.startsWith('00') || findRegionCode(text) === undefined) return undefined;
  return { level, dutyCode: Number(text.padEnd(15, '0')) };
}

export function rangeOf({ level, dutyCode }: Area): DutyRange {
  return { lo: dutyCode, hi: dutyCode + SPAN[level] };
}

/** Whether an area is a municipality, whose parts are its districts. */
export function isMunicipality({ level, dutyCode }: Area): boolean {
  return level === 'province' && MUNICIPALITIES.includes(dutyCode / SPAN.province);
}

/** Households that stand directly under a township or county have no village of their own to be warned of; nor is every four-digit code a prefecture. */
export function isNamed({ level, dutyCode }: Area): boolean {
  const number = Math.floor(dutyCode / SPAN[level]);
  if (level === 'province' || level === 'county') return true;
  if (level !== 'prefecture') return number % 1000 !== 0;
  return number % 100 !== DIRECTLY_UNDER_PROVINCE && !MUNICIPALITIES.includes(Math.floor(number / 100));
}

/** The prefecture of a county, or its province where there is none between; the province of a prefecture; none above that. */
export function areaAbove({ level, dutyCode }: Area): Area | undefined {
  if (level === 'province') return undefined;
  const prefecture = areaOf('prefecture', dutyCode);
  return level === 'county' && isNamed(prefecture) ? prefecture : areaOf('province', dutyCode);
}

/** The area one level below a prefecture or province in which a county lies, or the county itself. */
export function partOf(above: Area, county: number): Area {
  const prefecture = areaOf('prefecture', county);
  return above.level === 'province' && isNamed(prefecture) ? prefecture : areaOf('county', county);
}

/** Whether the data of a cell are all there is to say of an area: a cell of one prefecture judges no province. */
export function isJudgedIn(cell: RegionCode, area: Area): boolean {
  const held = dutyRange(cell);
  const { lo, hi } = rangeOf(area);
  return lo >= held.lo && hi <= held.hi;
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
