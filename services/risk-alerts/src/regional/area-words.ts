/** Chinese words for areas and figures. */
import { regionName } from '@fangpin/regions';
import { regionOf, type Area, type AreaLevel } from './areas.js';

export const LEVEL_NAMES: Readonly<Record<AreaLevel, string>> = {
  village: '村',
  township: '乡镇',
  county: '县',
  prefecture: '州市',
  province: '省',
};
/** What an area of the level consists of. */
export const PART_NAMES: Readonly<Record<AreaLevel, string>> = {
  village: '',
  township: '村',
  county: '乡镇',
  prefecture: '县',
  province: '州市',
};

/** Name of an area for people; its code where the lists hold none. */
export function areaName({ area }: { readonly area: Area }): string {
  const region = regionOf(area);
  return regionName(region) ?? region;
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(1).replace(/\.0$/, '')}%`;
}
