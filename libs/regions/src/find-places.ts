/**
 * Chinese place words → region codes, at the finest level that the words name: prefectures by their short names (红河,
 * 楚雄州), counties (陵水县, 六枝), townships after their county or within a bound. A part (北部, 东北部和南部) stands for the
 * whole area, with a note, since no list knows parts. A name that fits several areas is unresolved and never guessed.
 */
import { COUNTRY, type RegionCode } from '@fangpin/domain-kit';
import { placeNote, PlaceReader, type PlaceNote } from './place-reader.js';

export interface FoundPlaces {
  /** In the order of the text, each once. */
  readonly regions: readonly RegionCode[];
  /** Words that name no listed area, or more than one. */
  readonly unresolved: readonly string[];
  readonly notes: readonly PlaceNote[];
}

export interface LeadingPlaces extends FoundPlaces {
  /** What follows the last place. */
  readonly rest: string;
}

export interface PlaceBounds {
  /** Names are looked for inside this area, and 我县 is this area; without it, in the whole country. */
  readonly within?: RegionCode;
}

const SEPARATORS = /^(?:[\s、，,；;。．：:（）()·|/]|以及)+/;
const JOINED = /^(?:、|以及|[和与及])/;
const ANOTHER_UNIT = /^[^将有为已]{1,12}?(?:街道|社区|农场|林场|[县乡镇村])/;

/** Places of a list such as `丽江、大理、红河北部` or `漾濞县苍山西镇、漾江镇;云龙县团结乡`. Never throws. */
export function findPlaces(text: string, { within = COUNTRY }: PlaceBounds = {}): FoundPlaces {
  const reader = new PlaceReader(text, within);
  const unresolved: string[] = [];
  let at = 0;
  while (at < text.length) {
    const gap = SEPARATORS.exec(text.slice(at))?.[0].length ?? 0;
    if (gap > 0) {
      at += gap;
      continue;
    }
    const place = reader.readAt(at);
    const end = place?.end ?? at;
    const rest = restOfItem(text, end);
    const joined = JOINED.exec(rest)?.[0].length ?? 0;
    if (place === undefined && joined > 0) {
      at += joined;
    } else if (place === undefined || (joined === 0 && ANOTHER_UNIT.test(rest))) {
      const words = text.slice(at, end + rest.length).trim();
      if (!/^[省市县区州盟旗乡镇村]?$/.test(words)) unresolved.push(words);
      at = end + rest.length;
    } else {
      const unread =
        joined > 0 || rest === '' ? [] : [placeNote('REST_NOT_READ', `“${text.slice(at, end)}”之后的“${rest}”未识别`)];
      reader.take({ ...place, notes: [...place.notes, ...unread] });
      at = joined > 0 ? end + joined : end + rest.length;
    }
  }
  return { ...reader.found(), unresolved: [...new Set(unresolved)] };
}

/**
 * The places at the beginning of a text, up to the first word that is none: `文山北部将受大风影响` → 文山州, rest `将受大风影响`;
 * `云南省德宏傣族景颇族自治州梁河县气象台` → 梁河县, rest `气象台`. Without any place, `regions` is empty and `rest` the text.
 */
export function leadingPlaces(text: string, { within = COUNTRY }: PlaceBounds = {}): LeadingPlaces {
  const reader = new PlaceReader(text, within);
  let at = 0;
  let next = 0;
  for (;;) {
    const place = reader.readAt(next);
    if (place === undefined) break;
    reader.take(place);
    at = place.end;
    const joined = JOINED.exec(text.slice(at));
    if (joined === null) break;
    next = at + joined[0].length;
  }
  return { ...reader.found(), unresolved: [], rest: text.slice(at) };
}

function restOfItem(text: string, from: number): string {
  const end = text.slice(from).search(/[、，,；;。：:（）()|]|\s/);
  return end < 0 ? text.slice(from) : text.slice(from, from + end);
}
