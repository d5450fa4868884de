/** One step of reading a place: the longest name at a position of a text among the areas inside a scope. */
import { COUNTRY, contains, levelOf, type RegionCode } from '@fangpin/domain-kit';
import { higherRegions } from './division-lists.js';
import {
  closenesses,
  higherRegionsBySpelling,
  isLayer,
  spellingsOf,
  type Closeness,
  type SpeltRegion,
} from './place-spellings.js';
import { townshipsOf, villagesOf } from './regions.js';

export interface PlaceMatch {
  /** Every area that the words could name, of one closeness. */
  readonly codes: readonly RegionCode[];
  readonly length: number;
  readonly closeness: Closeness;
}

/** A bare stem before one of these is the beginning of another name: 水城 in 水城镇. */
const RANK_NEXT = /^[省市县区州盟旗镇乡村]/;
/** What may follow a township or village that is written without its suffix: nothing, or the next of the list. */
const END_OF_NAME = /^(?:$|[\s、，,；;。：:（）()和与及])/;
const LONGEST_NAME = 24;
const belowScope = new Map<string, ReadonlyMap<string, readonly SpeltRegion[]>>();
const SCOPES_KEPT = 256;

/** Provinces, prefectures and counties that lie strictly inside the scope. */
export function matchHigher(text: string, at: number, scope: RegionCode): PlaceMatch | undefined {
  return longest(text, at, candidatesAt(text, at), (code) => code !== scope && contains(scope, code));
}

/** The scope itself and what lies above it, as an issuer writes its own area: 云南省大理州… within 5329. */
export function matchAbove(text: string, at: number, scope: RegionCode): PlaceMatch | undefined {
  return longest(text, at, candidatesAt(text, at), (code) => contains(code, scope));
}

/** Townships of a county, prefecture or province; villages of a township. `named` says whether the scope stands right before. */
export function matchLower(text: string, at: number, scope: RegionCode, named: boolean): PlaceMatch | undefined {
  if (scope === COUNTRY || scope.length > 9) return undefined;
  const exact =
    named || scope.length >= 6
      ? () => true
      : ({ closeness }: SpeltRegion) => closeness !== 'stem' && closeness !== 'other-suffix';
  const fitting = (below(scope).get(text.charAt(at)) ?? []).filter(
    (spelt) => text.startsWith(spelt.text, at) && exact(spelt),
  );
  return longest(text, at, fitting, () => true, END_OF_NAME);
}

/** 北京市市辖区东城区: the list's layer, whose name is passed over when the scope has one there. */
export function layerAt(text: string, at: number, scope: RegionCode): { code: RegionCode; length: number } | undefined {
  if (levelOf(scope) !== 'province') return undefined;
  for (const { code, name } of higherRegions().values())
    if (code.length === 4 && code.startsWith(scope) && isLayer(name) && text.startsWith(name, at))
      return { code, length: name.length };
  return undefined;
}

function longest(
  text: string,
  at: number,
  candidates: readonly SpeltRegion[],
  fits: (code: RegionCode) => boolean,
  afterStem?: RegExp,
): PlaceMatch | undefined {
  const good = candidates.filter(({ text: words, closeness, code }) => {
    if (!fits(code)) return false;
    if (closeness !== 'stem') return true;
    const next = text.slice(at + words.length, at + words.length + 1);
    return afterStem === undefined ? !RANK_NEXT.test(next) : afterStem.test(next);
  });
  const length = Math.max(0, ...good.map(({ text: words }) => words.length));
  for (const closeness of closenesses) {
    const codes = good
      .filter((spelt) => spelt.text.length === length && spelt.closeness === closeness)
      .map(({ code }) => code);
    if (codes.length > 0) return { codes: [...new Set(codes)], length, closeness };
  }
  return undefined;
}

function candidatesAt(text: string, at: number): SpeltRegion[] {
  const names = higherRegionsBySpelling();
  const found: SpeltRegion[] = [];
  for (let length = Math.min(LONGEST_NAME, text.length - at); length >= 2; length--)
    found.push(...(names.get(text.slice(at, at + length)) ?? []));
  return found;
}

/** By the first character of the spelling: a province has some 8,000. */
function below(scope: RegionCode): ReadonlyMap<string, readonly SpeltRegion[]> {
  const known = belowScope.get(scope);
  if (known !== undefined) return known;
  const level = levelOf(scope) === 'township' ? 'village' : 'township';
  const regions = level === 'village' ? villagesOf(scope) : townshipsOf(scope);
  const spelt = new Map<string, SpeltRegion[]>();
  for (const { code, name } of regions)
    for (const spelling of spellingsOf(name, level)) {
      const first = spelling.text.charAt(0);
      const others = spelt.get(first);
      if (others === undefined) spelt.set(first, [{ ...spelling, code }]);
      else others.push({ ...spelling, code });
    }
  const [oldest] = belowScope.keys();
  if (belowScope.size >= SCOPES_KEPT && oldest !== undefined) belowScope.delete(oldest);
  belowScope.set(scope, spelt);
  return spelt;
}
