/** An earthquake under surveyed zones, as policy grades them. Pure. */
import { COUNTRY } from '@fangpin/domain-kit';
import { underPolicy, type PolicySet } from '@fangpin/policy';
import { outermost } from '../cap/cap-area.rule.js';
import { laneOf } from '../shocks/lane.rule.js';
import type { ShockContent } from '../shocks/shock.js';
import { levelOfIntensity, type Zone } from './intensity-zones.js';
import { underSurvey } from './join-intensity.rule.js';

/** Zones under the floor are said, and are no area of the shock. `known`: what is said of the earthquake otherwise. */
export function surveyedContent(
  known: ShockContent,
  { zones, source }: { readonly zones: readonly Zone[]; readonly source: string },
  policy: PolicySet,
): ShockContent {
  const { judgedOn } = known;
  const limits = policy.get('quake-level', zones[0]?.region ?? COUNTRY, judgedOn).value;
  const counting = zones.filter(({ intensity }) => intensity >= limits.floorIntensity);
  const regions = outermost(counting.map(({ region }) => region));
  const level = levelOfIntensity(Math.max(...zones.map(({ intensity }) => intensity)), limits);
  const lane =
    underPolicy(() => laneOf({ kind: 'earthquake', level, observed: true }, regions, judgedOn, policy)) ?? 'recorded';
  const facts = { ...known.facts, intensity: { zones, reported: true } };
  return underSurvey(known, { ...known, level, lane, regions, source, policyVersion: policy.version, facts });
}
