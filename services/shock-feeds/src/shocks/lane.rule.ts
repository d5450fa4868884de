/** Where a shock goes, by the dated policy of the places it touches (architecture §4.2). */
import { COUNTRY, type RegionCode } from '@fangpin/domain-kit';
import type { Lane, PolicySet } from '@fangpin/policy';
import { lanes } from './shock.js';

export interface LaneQuestion {
  readonly kind: string;
  readonly level: number;
  readonly observed: boolean;
}

/** The most urgent lane that any of the areas asks for; a shock without an area is only recorded. */
export function laneOf(shock: LaneQuestion, regions: readonly RegionCode[], day: string, policy: PolicySet): Lane {
  // Policy is stated by county at the finest: thousands of villages ask a few dozen questions.
  const places = new Set(regions.map((region) => (region === COUNTRY ? region : (region.slice(0, 6) as RegionCode))));
  return urgentLane([...places].map((place) => policy.lane(shock, place, day).value));
}

export function urgentLane(of: readonly Lane[]): Lane {
  return lanes[Math.max(0, ...of.map((lane) => lanes.indexOf(lane)))] as Lane;
}
