/**
 * The lane of a shock by another version of the policy: the day is that of the statement, the values are the version's. What else
 * policy derives is in derive-again.rule.ts.
 */
import { underPolicy, type Lane, type PolicySet } from '@fangpin/policy';
import type { Statement } from '../shocks/chain.rule.js';
import { laneOf, urgentLane } from '../shocks/lane.rule.js';
import type { ShockContent } from '../shocks/shock.js';

/** The content under the version; a day for which it has no lane keeps the one it had. */
export function underPresentPolicy(content: ShockContent, policy: PolicySet): ShockContent {
  const lane = underPolicy(() => laneOf(content, content.regions, content.judgedOn, policy)) ?? content.lane;
  return { ...content, lane, policyVersion: policy.version };
}

/**
 * A shock as a whole: it keeps the most urgent lane that it would have been in, so every alert or update of its chain counts,
 * as in `chain.rule.ts`.
 */
export function shockUnderPresentPolicy(
  content: ShockContent,
  statements: readonly Statement[],
  policy: PolicySet,
): ShockContent {
  const own = underPresentPolicy(content, policy);
  const said = statements
    .filter(({ type }) => type === 'alert' || type === 'update')
    .flatMap(({ content: one }): Lane[] => (one === undefined ? [] : [one.lane]));
  return { ...own, lane: said.length === 0 ? own.lane : urgentLane(said) };
}
