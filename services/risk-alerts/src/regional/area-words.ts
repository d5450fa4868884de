/** Chinese words for areas and figures. */
import { regionName } from '@fangpin/regions';
import { isMunicipality, regionOf, type Area, type AreaLevel } from './areas.js';

const LEVEL_NAMES: Readonly<Record<AreaLevel, string>> = {
  village: '村',
  township: '乡镇',
  county: '县',
  prefecture: '州市',
  province: '省',
};
const PART_NAMES: Readonly<Record<AreaLevel, string>> = {
  village: '',
  township: '村',
  county: '乡镇',
  prefecture: '县',
  province: '州市',
};

/** Of which level an area is. */
export function levelName(area: Area): string {
  return isMunicipality(area) ? '市' : LEVEL_NAMES[area.level];
}

/** What an area consists of; a village of nothing. */
export function partName(area: Area): string {
  return isMunicipality(area) ? '区县' : PART_NAMES[area.level];
}

/** Name of an area for people; its code where the lists hold none. */
export function areaName({ area }: { readonly area: Area }): string {
  const region = regionOf(area);
  return regionName(region) ?? region;
}

/** With one decimal; shares below one in a hundred with two digits, for limits are as low as a quarter in a thousand. */
export function percent(share: number): string {
  const hundredths = share * 100;
  return `${Number(hundredths < 1 ? hundredths.toPrecision(2) : hundredths.toFixed(1))}%`;
}
