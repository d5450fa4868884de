/** Who is told figures that are known of a whole shock only, such as how many households it might touch. */
import { dutyRange, findRegionCode, type DutyRange, type RegionCode } from '@fangpin/domain-kit';

/**
 * Whether an area holds all that a shock says it reaches, or all that is kept here: else such a figure counts households of others' areas.
 * `regions`: codes as the shock has them; a place that is not known, or none at all, lies nowhere.
 */
export function holdsWhole(area: DutyRange, cell: RegionCode, regions: readonly string[]): boolean {
  if (holds(area, cell)) return true;
  return regions.length > 0 && regions.every((code) => holds(area, findRegionCode(code)));
}

function holds(area: DutyRange, region: RegionCode | undefined): boolean {
  if (region === undefined) return false;
  const { lo, hi } = dutyRange(region);
  return area.lo <= lo && hi <= area.hi;
}
