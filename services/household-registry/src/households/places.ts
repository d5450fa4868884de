/** Checks of area codes against the published lists; answers are kept, since bulk loads ask for the same few again and again. */
import { dutyCodeOf, findRegionCode, levelOf, type DutyCode, type RegionCode } from '@fangpin/domain-kit';
import { regionName } from '@fangpin/regions';

export const KNOWN_VILLAGE = 'must be a known village';
export const KNOWN_AREA = 'must be a known area';

const MAX_KEPT = 50_000;
const villages = new Map<string, RegionCode | undefined>();
const areas = new Map<string, DutyCode | undefined>();

/**
 * The code of a listed village, or of a group or resettlement site in one (15 digits: no list names those, so their village
 * decides); `undefined` for anything else.
 */
export function findVillage(text: string): RegionCode | undefined {
  return kept(villages, text, () => {
    const code = findRegionCode(text);
    if (code === undefined || code.length < 12) return undefined;
    return regionName(code.slice(0, 12) as RegionCode) === undefined ? undefined : code;
  });
}

/** The first duty code of a listed area of any level, or of a group in a listed village; `undefined` for anything else. */
export function findPlace(text: string): DutyCode | undefined {
  return kept(areas, text, () => {
    const code = findRegionCode(text);
    if (code === undefined || levelOf(code) === 'country') return undefined;
    const listed = levelOf(code) === 'group' ? (code.slice(0, 12) as RegionCode) : code;
    return regionName(listed) === undefined ? undefined : dutyCodeOf(code);
  });
}

/** The shortest code of a place stored as its first duty code: `5301`, not `530100000000000`. */
export function placeText(duty: number): string {
  return findRegionCode(String(duty).padStart(15, '0')) ?? String(duty);
}

function kept<T>(known: Map<string, T>, text: string, find: () => T): T {
  if (known.has(text)) return known.get(text) as T;
  const found = find();
  // Texts come from outside: never let them fill the memory.
  if (known.size < MAX_KEPT) known.set(text, found);
  return found;
}
