/**
 * What kind of unit a code names, as the statistical coding rules put it into digits: the 7th for townships, the 10th for
 * villages.
 */
import { levelOf, type RegionCode } from '@fangpin/domain-kit';

export type UnitKind = 'subdistrict' | 'town' | 'township' | 'community' | 'village' | 'special';

/** Kind of a township or village; `undefined` for other levels. */
export function unitKind(code: RegionCode): UnitKind | undefined {
  const level = levelOf(code);
  if (level === 'township') {
    const digit = Number(code[6]);
    return digit === 0 ? 'subdistrict' : digit === 1 ? 'town' : digit <= 3 ? 'township' : 'special';
  }
  if (level === 'village') {
    const digit = Number(code[9]);
    return digit <= 1 ? 'community' : digit <= 3 ? 'village' : 'special';
  }
  return undefined;
}

/**
 * Whether the code is, or lies in, a special unit of township level: a state farm, a prison, a development zone. They are
 * in the code lists but not among the townships that plans and reports count (临沧: 84 in the list, 77 in its plan).
 */
export function isSpecialUnit(code: RegionCode): boolean {
  return code.length >= 9 && Number(code[6]) >= 4;
}
