/**
 * Where something is: the administrative division code (行政区划代码) and the duty code (责任编码) made of it.
 *
 * A region code has 2, 4, 6, 9 or 12 digits (province, prefecture, county, township, village) or 15 (three more digits
 * for a village group or a resettlement site); `00` is the whole country. A duty code is those 15 digits as one number,
 * shorter codes filled with zeros, so that a scope is a half-open range `lo ≤ duty < hi` (architecture §6).
 * Fifteen digits stay below 2^53, so a duty code is a plain number here and a bigint in the database.
 */
import { InvalidValue } from './domain-error.js';

declare const regionCodeBrand: unique symbol;
/** A region code in its shortest form: `532327`, never `532327000000`. */
export type RegionCode = string & { readonly [regionCodeBrand]: true };

declare const dutyCodeBrand: unique symbol;
/** Fifteen digits as a number. */
export type DutyCode = number & { readonly [dutyCodeBrand]: true };

export interface DutyRange {
  readonly lo: number;
  readonly hi: number;
}

export type RegionLevel = 'country' | 'province' | 'prefecture' | 'county' | 'township' | 'village' | 'group';

const DUTY_DIGITS = 15;
const LEVEL_BY_LENGTH: Readonly<Record<number, RegionLevel>> = {
  2: 'province',
  4: 'prefecture',
  6: 'county',
  9: 'township',
  12: 'village',
  15: 'group',
};

export const COUNTRY = '00' as RegionCode;

/** Reads a code of any usual length; a code padded with zeros names the higher area. Refuses everything else. */
export function parseRegionCode(text: string, field = 'region'): RegionCode {
  const rule = 'must be a region code of 2, 4, 6, 9, 12 or 15 digits (00 for the whole country)';
  if (!/^\d+$/.test(text) || LEVEL_BY_LENGTH[text.length] === undefined) throw new InvalidValue(field, text, rule);
  const shortest = shorten(text);
  if (shortest !== COUNTRY && shortest.startsWith('00')) throw new InvalidValue(field, text, rule);
  return shortest as RegionCode;
}

/** As {@link parseRegionCode}, but answers `undefined` where the text is no code. */
export function findRegionCode(text: string): RegionCode | undefined {
  try {
    return parseRegionCode(text);
  } catch {
    return undefined;
  }
}

function shorten(text: string): string {
  if (/^0+$/.test(text)) return COUNTRY;
  for (const [from, to] of [
    [15, 12],
    [12, 9],
    [9, 6],
    [6, 4],
    [4, 2],
  ] as const) {
    if (text.length === from && /^0+$/.test(text.slice(to))) text = text.slice(0, to);
  }
  return text;
}

export function levelOf(code: RegionCode): RegionLevel {
  if (code === COUNTRY) return 'country';
  return LEVEL_BY_LENGTH[code.length] as RegionLevel;
}

/** The range of duty codes that lie in the area. */
export function dutyRange(code: RegionCode): DutyRange {
  if (code === COUNTRY) return { lo: 0, hi: 10 ** DUTY_DIGITS };
  const size = 10 ** (DUTY_DIGITS - code.length);
  const lo = Number(code) * size;
  return { lo, hi: lo + size };
}

/** The duty code of an area itself (its first code). */
export function dutyCodeOf(code: RegionCode): DutyCode {
  return dutyRange(code).lo as DutyCode;
}

export function isWithin(duty: number, range: DutyRange): boolean {
  return duty >= range.lo && duty < range.hi;
}

/** Whether `inner` lies in `outer` (or is it). */
export function contains(outer: RegionCode, inner: RegionCode): boolean {
  const o = dutyRange(outer);
  const i = dutyRange(inner);
  return i.lo >= o.lo && i.hi <= o.hi;
}

/** The area of a level that a duty code lies in, for example its township. */
export function regionOfDuty(duty: number, level: Exclude<RegionLevel, 'country'>): RegionCode {
  const digits = { province: 2, prefecture: 4, county: 6, township: 9, village: 12, group: 15 }[level];
  return String(duty).padStart(DUTY_DIGITS, '0').slice(0, digits) as RegionCode;
}

/** The twelve-digit form used on the wire and towards other systems. */
export function paddedCode(code: RegionCode): string {
  return code === COUNTRY ? '0'.repeat(12) : code.length >= 12 ? code : code.padEnd(12, '0');
}

/** The areas above a code, nearest first, the country last. */
export function ancestorsOf(code: RegionCode): RegionCode[] {
  if (code === COUNTRY) return [];
  const above = [12, 9, 6, 4, 2].filter((n) => n < code.length).map((n) => code.slice(0, n) as RegionCode);
  return [...above, COUNTRY];
}
