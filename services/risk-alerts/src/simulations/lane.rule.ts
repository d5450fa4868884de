/**
 * Whether a shock alerts anybody at all: by its kind, level and whether it has happened, policy sends it to the alert lane, makes
 * it a notice (villages are asked when it is over) or has it only recorded (architecture §4.2). Pure.
 */
import { COUNTRY, type RegionCode } from '@fangpin/domain-kit';
import { underPolicy, type Lane, type PolicySet } from '@fangpin/policy';
import type { ShockFacts } from '../loss/shock-facts.js';
import type { Judged, Outcome } from './figures.js';

export type LaneFacts = Pick<ShockFacts, 'kind' | 'level' | 'observed' | 'regions' | 'judgedOn'>;

const URGENCY: readonly Lane[] = ['recorded', 'notice', 'alert'];

/** The most urgent lane that any of its places asks for; alert where the day has no lane for it, so that nobody is overlooked. */
export function laneUnder({ regions, judgedOn, ...shock }: LaneFacts, policy: PolicySet): Lane {
  const places = new Set(regions.map((region) => (region === COUNTRY ? region : (region.slice(0, 6) as RegionCode))));
  const asked = underPolicy(() =>
    [...places].map((place) => URGENCY.indexOf(policy.lane(shock, place, judgedOn).value)),
  );
  return asked === undefined ? 'alert' : (URGENCY[Math.max(0, ...asked)] as Lane);
}

/**
 * The lane under another policy of a shock that has been in the lane `was`. What a whole chain of messages said of it counts for
 * its lane and is not known here: it leaves the lane only where that policy says otherwise than the one it had.
 */
export function laneTried(shock: LaneFacts, had: PolicySet, tried: PolicySet, was: Lane): Lane {
  const lane = laneUnder(shock, tried);
  return lane === laneUnder(shock, had) ? was : lane;
}

/** What becomes of a household in a lane: outside the alert lane nobody is alerted, whatever the shock would do. */
export function inLane<T extends Outcome | undefined>(outcome: T, lane: Lane): T | Judged {
  if (typeof outcome !== 'object' || lane === 'alert') return outcome;
  return { ...outcome, triage: 'nothing', byLane: true };
}
