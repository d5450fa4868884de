import type { Cause } from '@fangpin/contracts';
import { regionOfDuty } from '@fangpin/domain-kit';
import type { EpisodeLife, PolicySet } from '@fangpin/policy';
import type { LifeOf } from './household-risks.js';

/** The policy of episodes by place and cause on a day, each township's read once. */
export function livesOn(policy: PolicySet, day: string): (dutyCode: number) => LifeOf {
  const known = new Map<string, EpisodeLife>();
  return (dutyCode) => {
    const township = regionOfDuty(dutyCode, 'township');
    return (cause: Cause) => {
      const key = `${township}/${cause}`;
      const held = known.get(key) ?? policy.get('episode-life', township, day, cause).value;
      known.set(key, held);
      return held;
    };
  };
}
