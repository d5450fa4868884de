import type { Shock } from '@fangpin/contracts';
import type { PolicySet } from '@fangpin/policy';
import { causesOf } from '../loss/loss-model.js';
import { shockFacts } from '../loss/shock-facts.js';
import type { JudgedShock } from './judge-exposed.js';

/** A shock once for each cause that it is to households under a policy; none where no loss model speaks of its kind. */
export function judgedShocks(event: Shock, policy: PolicySet): JudgedShock[] {
  return causesOf(shockFacts(event), policy).map((cause) => ({ shock: shockFacts(event, cause), cause }));
}
