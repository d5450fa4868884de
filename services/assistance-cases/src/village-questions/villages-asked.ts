/** Which villages a notice asks: those of the division lists in its area that this cell answers for. */
import { contains, dutyCodeOf, isWithin, levelOf, type DutyRange, type RegionCode } from '@fangpin/domain-kit';
import { isSpecialUnit, townshipsOf, villagesOf } from '@fangpin/regions';

export interface VillagesOfCounty {
  readonly county: RegionCode;
  /** Duty codes, ascending. */
  readonly villages: readonly number[];
}

/**
 * Villages and communities within the regions, by county. Left out: farms, prisons and zones (`isSpecialUnit`), which have
 * no village to ask, and what lies outside the cell. A region below a village asks its village.
 */
export function* villagesAsked(regions: readonly RegionCode[], cell: DutyRange): Generator<VillagesOfCounty> {
  const counties = [...new Set(regions.flatMap(countiesOf))].sort();
  for (const county of counties) {
    const villages = villagesOf(county)
      .filter(({ code }) => !isSpecialUnit(code) && regions.some((region) => touches(region, code)))
      .map(({ code }) => dutyCodeOf(code) as number)
      .filter((duty) => isWithin(duty, cell))
      .sort((a, b) => a - b);
    if (villages.length > 0) yield { county, villages };
  }
}

function countiesOf(region: RegionCode): RegionCode[] {
  const level = levelOf(region);
  if (level === 'country' || level === 'province' || level === 'prefecture')
    return townshipsOf(region).map(({ code }) => code.slice(0, 6) as RegionCode);
  return [region.slice(0, 6) as RegionCode];
}

function touches(region: RegionCode, village: RegionCode): boolean {
  return contains(region, village) || contains(village, region);
}
