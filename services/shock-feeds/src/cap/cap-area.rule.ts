/**
 * The area of a warning. CAP 1.2 §3.2.4: the area of an alert is the union of its area blocks; a geocode stands "in
 * concert with an equivalent description" as polygon or circle, so within one block a known Chinese code is the area and
 * the shapes beside it say the same in another way; shapes are resolved where their block has no such code.
 */
import { contains, findRegionCode, type RegionCode } from '@fangpin/domain-kit';
import type { AreaOverlap } from '@fangpin/policy';
import type { BoundaryIndex } from '../boundaries/boundary-index.js';
import { clip } from '../intake/clip.js';
import type { CapArea, NamedValue, Problem } from './cap-message.js';
import { drawnArea, type DrawnArea } from './drawn-area.rule.js';

export interface KnownRegions {
  /** Whether the division lists hold the code. */
  has(code: RegionCode): boolean;
}

/** What is loaded, and from which share on an overlap counts. */
export interface LoadedBoundaries {
  readonly index: BoundaryIndex;
  readonly overlap: (region: RegionCode) => AreaOverlap;
}

export type AreaVerdict =
  | {
      readonly verdict: 'found';
      readonly regions: readonly RegionCode[];
      /** Some of them by shapes and the boundaries that are loaded. */
      readonly drawn: boolean;
      readonly problems: readonly Problem[];
    }
  | { readonly verdict: 'foreign' | 'unusable'; readonly problems: readonly Problem[] };

/** Schemes of other countries, by what stands in `valueName`. */
const FOREIGN_SCHEMES =
  /^(?:FIPS6?|SAME|UGC|EMMA_?ID|NUTS\d?|WARNCELLID|CLC)$|^profile:CAP-|^layer:EC-|iso\.org\/iso\/country_codes|psma\.com\.au/i;
/** Schemes that surely hold Chinese division codes; the national dialect writes them without a name. */
const CHINESE_SCHEMES = /^$|CPEAS|GB\s*\/?\s*T?\s*2260|区划|adcode|\bCN\b|China/i;
const MAX_CODES = 20_000;
const NAMED_IN_A_PROBLEM = 20;

export function findArea(
  areas: readonly CapArea[],
  known: KnownRegions,
  boundaries: LoadedBoundaries | undefined,
): AreaVerdict {
  const all = areas.flatMap(({ geocodes }) => geocodes);
  const coded = areas.map((area) => ({ area, ...readCodes(area.geocodes, known) }));
  const drawn = drawnArea(
    coded.filter(({ usable }) => usable.length === 0).map(({ area }) => area),
    boundaries,
  );
  const everything = drawnArea(areas, undefined);
  const problems = codeProblems(coded, all);
  const doubtful = all.every(({ name }) => !CHINESE_SCHEMES.test(name));
  const abroad = everything.shapes > 0 && everything.allAbroad;
  // A postal code may look like one of ours; where everything drawn lies abroad it is none.
  const usable = abroad && doubtful ? [] : coded.flatMap((area) => area.usable);
  const regions = outermost([...usable, ...drawn.regions]);
  if (regions.length > 0)
    return {
      verdict: 'found',
      regions,
      drawn: drawn.regions.length > 0,
      problems: [...problems, ...drawn.problems, ...leftOut(drawn)],
    };
  const foreignCodesOnly = all.length > 0 && all.every(({ name }) => FOREIGN_SCHEMES.test(name));
  if (abroad || (foreignCodesOnly && everything.shapes === 0))
    return { verdict: 'foreign', problems: [{ code: 'AREA.FOREIGN', text: '预警区域不在中国境内，仅作记录' }] };
  const why = whyUnusable(coded.flatMap(({ unknown }) => unknown).length > 0, drawn, foreignCodesOnly);
  return { verdict: 'unusable', problems: [...problems, ...drawn.problems, why] };
}

function readCodes(geocodes: readonly NamedValue[], known: KnownRegions) {
  const own = geocodes.filter(({ name }) => !FOREIGN_SCHEMES.test(name));
  const texts = [...new Set(own.flatMap(({ value }) => value.split(/[\s,，;；、]+/)))].filter((text) => text !== '');
  const codes = texts.slice(0, MAX_CODES).map((text) => ({ text, code: findRegionCode(text) }));
  return {
    cut: texts.length > MAX_CODES,
    usable: codes.flatMap(({ code }) => (code !== undefined && known.has(code) ? [code] : [])),
    unknown: codes.filter(({ code }) => code === undefined || !known.has(code)).map(({ text }) => text),
  };
}

function codeProblems(
  coded: readonly { readonly cut: boolean; readonly unknown: readonly string[] }[],
  geocodes: readonly NamedValue[],
): Problem[] {
  const problems: Problem[] = [];
  if (coded.some(({ cut }) => cut))
    problems.push({ code: 'AREA.TOO_MANY', text: `区划代码超过${MAX_CODES}个，其余未读` });
  const unknown = [...new Set(coded.flatMap((area) => area.unknown))];
  if (unknown.length > 0 && geocodes.length > 0) problems.push(unknownCodes(unknown));
  return problems;
}

/** What an area that is found leaves out of what the message drew. */
function leftOut({ shapes, unplaced }: DrawnArea): Problem[] {
  if (shapes === 0 || unplaced === 0) return [];
  return [{ code: 'AREA.SHAPE_NOT_PLACED', text: `有${unplaced}个多边形或圆没有可对应的边界，未计入预警区域` }];
}

function whyUnusable(unknownCodesStand: boolean, { shapes, unplaced }: DrawnArea, foreignCodes: boolean): Problem {
  if (unplaced > 0)
    return {
      code: 'AREA.POLYGON_WITHOUT_BOUNDARIES',
      text: '预警区域只有多边形或圆，所在地区尚未载入边界，需载入边界或人工指定区域',
    };
  if (unknownCodesStand)
    return { code: 'AREA.NO_KNOWN_CODE', text: '预警区域的代码均不在行政区划表中，需人工指定区域' };
  if (shapes > 0) return { code: 'AREA.NO_USABLE_SHAPE', text: '预警区域的多边形或圆均不可用，需人工指定区域' };
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
