/** Names and kinship of administrative divisions, from province to village. */
import { ancestorsOf, COUNTRY, levelOf, type RegionCode, type RegionLevel } from '@fangpin/domain-kit';
import {
  higherRegions,
  townshipsOfCounty,
  townshipsWithPrefix,
  villagesOfCounty,
  type NamedRegion,
} from './division-lists.js';

export interface Region extends NamedRegion {
  readonly level: RegionLevel;
  /** The nearest listed area above; absent for the country. */
  readonly parent?: RegionCode;
}

const COUNTRY_NAME = '全国';

/** The region of a code, `undefined` when the lists hold none: an unknown code, or a village group, which no list names. */
export function findRegion(code: RegionCode): Region | undefined {
  const name = regionName(code);
  if (name === undefined) return undefined;
  const parent = ancestorsOf(code).find((above) => regionName(above) !== undefined);
  return { code, name, level: levelOf(code), ...(parent === undefined ? {} : { parent }) };
}

/** The region's own name as the lists give it, `undefined` for codes that they do not hold. */
export function regionName(code: RegionCode): string | undefined {
  switch (levelOf(code)) {
    case 'country':
      return COUNTRY_NAME;
    case 'township':
      return nameIn(townshipsOfCounty(code.slice(0, 6)), code);
    case 'village':
      return nameIn(villagesOfCounty(code.slice(0, 6)), code);
    case 'group':
      return undefined;
    default:
      return higherRegions().get(code)?.name;
  }
}

/** Whether the lists hold the code; they name no village group. */
export function isListed(code: RegionCode): boolean {
  return regionName(code) !== undefined;
}

/** `云南省楚雄彝族自治州永仁县…`: the names from the province down to the region; `undefined` for an unknown code. */
export function fullName(code: RegionCode): string | undefined {
  const name = regionName(code);
  if (name === undefined || code === COUNTRY) return name;
  const above = ancestorsOf(code).filter((area) => area !== COUNTRY);
  return [...above.reverse().map((area) => regionName(area) ?? ''), name].join('');
}

/** The areas one level below, in the order of their codes; none below a village or an unknown code. */
export function childrenOf(code: RegionCode): Region[] {
  return listBelow(code).map((child) => ({ ...child, level: levelOf(child.code), parent: code }));
}

/** Townships (towns, townships, subdistricts and special units) of a county or of anything above it. */
export function townshipsOf(code: RegionCode): NamedRegion[] {
  if (code === COUNTRY) return townshipsWithPrefix('');
  if (levelOf(code) === 'county') return [...townshipsOfCounty(code)];
  return code.length < 6 ? townshipsWithPrefix(code) : [];
}

/** Villages and communities of a county or a township. Refuses wider areas: their lists have tens of thousands of rows. */
export function villagesOf(code: RegionCode): NamedRegion[] {
  const level = levelOf(code);
  if (level === 'county') return [...villagesOfCounty(code)];
  if (level === 'township')
    return villagesOfCounty(code.slice(0, 6)).filter((village) => village.code.startsWith(code));
  throw new RangeError(`villages are listed by county or township, not by ${level}`);
}

function listBelow(code: RegionCode): readonly NamedRegion[] {
  const level = levelOf(code);
  if (level === 'county') return townshipsOfCounty(code);
  if (level === 'township') return villagesOf(code);
  if (level === 'village' || level === 'group') return [];
  const prefix = code === COUNTRY ? '' : code;
  const below = [...higherRegions().values()].filter(
    (region) => region.code.length === prefix.length + 2 && region.code.startsWith(prefix),
  );
  // A prefecture without counties has its townships directly below.
  return below.length === 0 && level === 'prefecture' ? townshipsWithPrefix(`${prefix}00`) : below;
}

function nameIn(regions: readonly NamedRegion[], code: string): string | undefined {
  return regions.find((region) => region.code === code)?.name;
}
