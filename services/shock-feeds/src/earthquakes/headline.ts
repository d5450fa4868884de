/** What officers read of an earthquake. The last clause tells the intensity, computed or surveyed. */
import { fullName } from '@fangpin/regions';
import { clip } from '../intake/clip.js';
import type { NearPlace } from './quake-places.js';
import type { Quake } from './quake.js';
import { roman } from './roman.js';

const MAX_HEADLINE = 500;
/** So far from a county an epicentre is still 附近; past it the catalogue's own words say more. */
const NEAR_KM = 20;
const CLAUSE = /，(?:估计|调查)最大烈度[^，]*$/;

export function quakeHeadline(quake: Quake, depthKm: number, nearest: NearPlace | undefined): string {
  const { magnitude } = quake;
  const size = magnitude === undefined ? '地震' : `${Number(magnitude.toFixed(1))}级地震`;
  return clip(`${whereOf(quake, nearest)}发生${size}，震源深度${Math.round(depthKm)}千米`, MAX_HEADLINE);
}

/** The headline with another clause on the strongest intensity. */
export function withIntensity(headline: string, degree: number, reported: boolean): string {
  const clause = `，${reported ? '调查' : '估计'}最大烈度${roman(degree)}度`;
  return `${clip(headline.replace(CLAUSE, ''), MAX_HEADLINE - clause.length)}${clause}`;
}

function whereOf({ place, epicentre }: Quake, nearest: NearPlace | undefined): string {
  const county = nearest === undefined || nearest.distanceKm > NEAR_KM ? undefined : fullName(nearest.code);
  if (county !== undefined) return `${county}附近`;
  if (place !== '') return `${place} `;
  if (epicentre === undefined) return '';
  const [lon, lat] = epicentre;
  return `${lat < 0 ? '南纬' : '北纬'}${Math.abs(lat).toFixed(1)}度、${lon < 0 ? '西经' : '东经'}${Math.abs(lon).toFixed(1)}度`;
}
