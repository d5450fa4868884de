/**
 * The area of a warning. Chinese division codes are read; polygons and circles only tell here whether a warning lies
 * abroad, since no boundaries are loaded yet.
 */
import { contains, findRegionCode, type RegionCode } from '@fangpin/domain-kit';
import { clip } from '../intake/clip.js';
import type { CapArea, Problem } from './cap-message.js';

export interface KnownRegions {
  /** Whether the division lists hold the code. */
  has(code: RegionCode): boolean;
}

export type AreaVerdict =
  | { readonly verdict: 'found'; readonly regions: readonly RegionCode[]; readonly problems: readonly Problem[] }
  | { readonly verdict: 'foreign' | 'unusable'; readonly problems: readonly Problem[] };

/** Schemes of other countries, by what stands in `valueName`. */
const FOREIGN_SCHEMES =
  /^(?:FIPS6?|SAME|UGC|EMMA_?ID|NUTS\d?|WARNCELLID|CLC)$|^profile:CAP-|^layer:EC-|iso\.org\/iso\/country_codes|psma\.com\.au/i;
/** A generous box around China, so that a warning at the border counts as ours and meets an officer. */
const CHINA = { south: 3, north: 54, west: 73, east: 136 };
const MAX_CODES = 20_000;
const MAX_POINTS = 5_000;
const NAMED_IN_A_PROBLEM = 20;

export function findArea(areas: readonly CapArea[], known: KnownRegions): AreaVerdict {
  const geocodes = areas.flatMap((area) => area.geocodes);
  const own = geocodes.filter(({ name }) => !FOREIGN_SCHEMES.test(name));
  const texts = [...new Set(own.flatMap(({ value }) => value.split(/[\s,，;；、]+/)))].filter((text) => text !== '');
  const problems: Problem[] = [];
  if (texts.length > MAX_CODES) problems.push({ code: 'AREA.TOO_MANY', text: `区划代码超过${MAX_CODES}个，其余未读` });
  const codes = texts.slice(0, MAX_CODES).map((text) => ({ text, code: findRegionCode(text) }));
  const usable = codes.flatMap(({ code }) => (code !== undefined && known.has(code) ? [code] : []));
  const unknown = codes.filter(({ code }) => code === undefined || !known.has(code)).map(({ text }) => text);
  if (unknown.length > 0) problems.push(unknownCodes(unknown));
  if (usable.length > 0) return { verdict: 'found', regions: outermost(usable), problems };

  const shapes = areas.flatMap((area) => [...area.polygons, ...area.circles]);
  const abroad = shapes.length > 0 && shapes.every(liesAbroad);
  const foreignCodesOnly = geocodes.length > 0 && own.length === 0;
  if (abroad || (foreignCodesOnly && shapes.length === 0))
    return { verdict: 'foreign', problems: [{ code: 'AREA.FOREIGN', text: '预警区域不在中国境内，仅作记录' }] };
  return { verdict: 'unusable', problems: [...problems, whyUnusable(unknown, shapes, foreignCodesOnly)] };
}

function whyUnusable(unknown: readonly string[], shapes: readonly string[], foreignCodes: boolean): Problem {
  if (unknown.length > 0)
    return { code: 'AREA.NO_KNOWN_CODE', text: '预警区域的代码均不在行政区划表中，需人工指定区域' };
  if (shapes.length > 0)
    return { code: 'AREA.POLYGON_WITHOUT_BOUNDARIES', text: '预警区域只有多边形或圆，尚未载入边界，需人工指定区域' };
  if (foreignCodes) return { code: 'AREA.NO_KNOWN_CODE', text: '预警区域的代码不是中国行政区划代码，需人工指定区域' };
  return { code: 'AREA.NONE', text: '预警没有可用的区域，需人工指定区域' };
}

function unknownCodes(texts: readonly string[]): Problem {
  const named = texts.slice(0, NAMED_IN_A_PROBLEM).map((text) => clip(text, 24));
  const more = texts.length > named.length ? `等${texts.length}个` : '';
  return { code: 'AREA.UNKNOWN_CODE', text: `未知的区划代码：${named.join('、')}${more}` };
}

/** Each area once, and none that lies within another; in the order of their codes. */
export function outermost(codes: readonly RegionCode[]): RegionCode[] {
  const kept: RegionCode[] = [];
  // A wider area sorts before those within it, and nothing else comes between them.
  for (const code of [...new Set(codes)].sort()) {
    const last = kept.at(-1);
    if (last === undefined || !contains(last, code)) kept.push(code);
  }
  return kept;
}

/** `lat,lon lat,lon …` of a polygon, `lat,lon radius` of a circle; a shape without a readable point is not abroad. */
function liesAbroad(shape: string): boolean {
  const points = shape
    .split(/\s+/, MAX_POINTS)
    .map((pair) => pair.split(',').map(Number))
    .filter((pair) => pair.length === 2 && pair.every(Number.isFinite)) as [number, number][];
  return points.length > 0 && !points.some(([lat, lon]) => isInChina(lat, lon));
}

function isInChina(lat: number, lon: number): boolean {
  return lat >= CHINA.south && lat <= CHINA.north && lon >= CHINA.west && lon <= CHINA.east;
}
