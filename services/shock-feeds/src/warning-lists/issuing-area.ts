/** The area of the office that issued a notice: by the words of its name, by the code that stands beside or in its number. */
import { contains, findRegionCode, type RegionCode } from '@fangpin/domain-kit';
import { findRegion, leadingPlaces, regionName } from '@fangpin/regions';
import type { Problem } from '../cap/cap-message.js';
import { clip } from '../intake/clip.js';

export interface IssuingArea {
  readonly region?: RegionCode;
  readonly problems: readonly Problem[];
}

/** `37061441600000_20260801133303`: division, branch, unit, local time (GB/T 35965). */
const NATIONAL_NUMBER = /^(\d{6})\d{8}_\d{14}(?:_\d+)?$/;

export function isNationalNumber(id: string): boolean {
  return NATIONAL_NUMBER.test(id);
}

/** The six digits that a national number begins with. */
export function codeOfNumber(id: string | undefined): string | undefined {
  return NATIONAL_NUMBER.exec(id ?? '')?.[1];
}

/** Words and code may name the same place at two levels, and then the finer holds; where they differ, the words do. */
export function issuingArea(offices: readonly string[], code: string | undefined): IssuingArea {
  const coded = code === undefined ? undefined : findRegionCode(code);
  const known = coded !== undefined && findRegion(coded) !== undefined ? coded : undefined;
  const problems: Problem[] = [];
  if (code !== undefined && known === undefined)
    problems.push({ code: 'AREA.UNKNOWN_CODE', text: `未知的区划代码：${clip(code, 24)}` });
  const named = offices.map((office) => namedArea(office, known)).find((region) => region !== undefined);
  const region = named === undefined ? known : known === undefined ? named : finer(named, known);
  if (named !== undefined && known !== undefined && region === undefined) {
    const text = `代码${known}（${regionName(known)}）与发布单位所在的${regionName(named)}不符，以文字为准`;
    return { region: named, problems: [...problems, { code: 'AREA.CODE_DIFFERS', text }] };
  }
  return region === undefined ? { problems } : { region, problems };
}

function namedArea(office: string, code: RegionCode | undefined): RegionCode | undefined {
  // The province of the code tells 城关区 from 城关区.
  const bounds = code === undefined ? [] : [{ within: code.slice(0, 2) as RegionCode }];
  return [...bounds, {}].map((within) => leadingPlaces(office, within).regions[0]).find((found) => found !== undefined);
}

function finer(a: RegionCode, b: RegionCode): RegionCode | undefined {
  return contains(a, b) ? b : contains(b, a) ? a : undefined;
}
