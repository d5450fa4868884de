/** Which villages the households of an area live in, and how many in each. */
import { levelOf, type RegionCode } from '@fangpin/domain-kit';
import { isSpecialUnit, townshipsOf, unitKind, villagesOf } from '@fangpin/regions';
import { largestRemainders } from './household-sizes.ts';
import { hashText } from './prng.ts';

export interface VillageShare {
  readonly village: RegionCode;
  readonly households: number;
}

/** Assumption: communities (居委会) of towns hold fewer rural households than villages do. */
const COMMUNITY_WEIGHT = 0.35;

/** Villages and communities of a county, township or prefecture, without farms, prisons and zones, in order of their codes. */
export function villagesIn(region: RegionCode): RegionCode[] {
  const level = levelOf(region);
  if (level === 'country' || level === 'village' || level === 'group')
    throw new RangeError(`households are made for a province, prefecture, county or township, not for a ${level}`);
  const townships = level === 'township' ? [region] : townshipsOf(region).map((township) => township.code);
  return townships
    .filter((township) => !isSpecialUnit(township))
    .flatMap((township) => villagesOf(township).map((village) => village.code))
    .filter((village) => unitKind(village) !== 'special')
    .sort();
}

/** Shares out households over villages: every village has some while there are enough; weights differ from village to village. */
export function shareOut(villages: readonly RegionCode[], households: number, seed: string): VillageShare[] {
  if (villages.length === 0) throw new RangeError('there is no village to put households in');
  const weights = villages.map((village) => {
    const weight = 0.5 + hashText(`${seed}/${village}`) / 4_294_967_296;
    return unitKind(village) === 'community' ? weight * COMMUNITY_WEIGHT : weight;
  });
  const sure = households >= villages.length ? 1 : 0;
  const counts = largestRemainders(weights, households - sure * villages.length);
  return villages.map((village, i) => ({ village, households: sure + (counts[i] ?? 0) }));
}
