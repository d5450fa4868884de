import type { Cause } from '@fangpin/contracts';
import { regionOfDuty, type RegionCode } from '@fangpin/domain-kit';
import type { EpisodeLife, PolicySet } from '@fangpin/policy';
import { townshipOf } from '../fan-out/township.js';
import type { LifeOf } from './household-risks.js';

/** The policy of episodes by place and cause on a day, each township's read once. */
export function livesOn(policy: PolicySet, day: string): (dutyCode: number) => LifeOf {
  const known = new Map<number, LifeOf>();
  return (dutyCode) => {
    const township = townshipOf(dutyCode);
    const lives = known.get(township) ?? livesOf(policy, regionOfDuty(dutyCode, 'township'), day);
    known.set(township, lives);
    return lives;
  };
}

function livesOf(policy: PolicySet, township: RegionCode, day: string): LifeOf {
  const known = new Map<Cause, EpisodeLife>();
  return (cause) => {
    const life = known.get(cause) ?? policy.get('episode-life', township, day, cause).value;
    known.set(cause, life);
    return life;
  };
}
