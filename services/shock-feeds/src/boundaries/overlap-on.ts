/** From which share on an overlap counts, by the policy of a day (`area-overlap`); asked thousands of times for one message. */
import type { RegionCode } from '@fangpin/domain-kit';
import { underPolicy, type AreaOverlap, type PolicySet } from '@fangpin/policy';

/** Every overlap counts where no policy holds yet. */
const ANY_OVERLAP: AreaOverlap = { ofRegion: 0, ofShape: 0, covered: 1 };

export function overlapOn(policy: PolicySet, day: string): (region: RegionCode) => AreaOverlap {
  const known = new Map<RegionCode, AreaOverlap>();
  return (region) => {
    const value = known.get(region) ?? underPolicy(() => policy.get('area-overlap', region, day).value) ?? ANY_OVERLAP;
    known.set(region, value);
    return value;
  };
}
