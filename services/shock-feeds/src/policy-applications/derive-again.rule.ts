/**
 * What one message says of a shock, derived again by another version of the policy from what is kept of it (intake/basis.ts):
 * regions of what it draws, intensities of a catalogue's figures, an end that it does not state. What is not derived stays.
 */
import { COUNTRY } from '@fangpin/domain-kit';
import { underPolicy, type PolicySet } from '@fangpin/policy';
import type { BoundaryIndex } from '../boundaries/boundary-index.js';
import { overlapOn } from '../boundaries/overlap-on.js';
import { findArea } from '../cap/cap-area.rule.js';
import { judgeQuake, type LocatedQuake } from '../earthquakes/judge-quake.rule.js';
import type { QuakePlaces } from '../earthquakes/quake-places.js';
import type { Basis } from '../intake/basis.js';
import { knownRegions } from '../intake/known-regions.js';
import { assumedEnd } from '../shocks/assumed-end.rule.js';
import type { ShockContent } from '../shocks/shock.js';
import { underPresentPolicy } from './under-present-policy.rule.js';

/** What policy derives besides the lane. */
export const derivedParts = ['area', 'expiry', 'intensity'] as const;
export type DerivedPart = (typeof derivedParts)[number];

export interface Derivation {
  readonly policy: PolicySet;
  /** Only asked for where an earthquake is among them: putting them together takes a while. */
  readonly places: () => QuakePlaces;
  readonly boundaries: BoundaryIndex;
  /** Whether ends are assumed again: not of a shock that is over for another reason than its time. */
  readonly ends: boolean;
}

/** `lost`: told of what is left as it was, though policy had derived it. */
export function contentAgain(
  content: ShockContent,
  basis: Basis,
  derivation: Derivation,
  lost: (part: DerivedPart) => void,
): ShockContent {
  const { policy } = derivation;
  if (basis.quake !== undefined) return quakeAgain(content, basis.quake as LocatedQuake, derivation, lost);
  const drawn = basis.areas === undefined ? content : areaAgain(content, basis.areas, derivation, lost);
  const ending = basis.expiry === undefined || !derivation.ends ? drawn : endAgain(drawn, basis.expiry, policy);
  return underPresentPolicy(ending, policy);
}

/** An end that the message does not state; where the version gives none to its day it stays. */
export function endAgain(content: ShockContent, expiry: NonNullable<Basis['expiry']>, policy: PolicySet): ShockContent {
  const { regions, judgedOn, kind } = content;
  const life = underPolicy(() => policy.get('notice-expiry-hours', regions[0] ?? COUNTRY, judgedOn, kind).value);
  return life === undefined ? content : { ...content, expires: assumedEnd(expiry, life.hours) };
}

function quakeAgain(
  content: ShockContent,
  quake: LocatedQuake,
  { policy, places }: Derivation,
  lost: (part: DerivedPart) => void,
): ShockContent {
  const verdict = underPolicy(() => judgeQuake(quake, { policy, places: places() }));
  if (verdict !== undefined && !verdict.problems.some(({ code }) => code === 'POLICY.NONE')) return verdict.content;
  lost('intensity');
  return underPresentPolicy(content, policy);
}

/** By the boundaries of today. A version under which nothing is left of the area would have asked an officer for one: it stays. */
function areaAgain(
  content: ShockContent,
  areas: NonNullable<Basis['areas']>,
  { policy, boundaries }: Derivation,
  lost: (part: DerivedPart) => void,
): ShockContent {
  const found = findArea(areas, knownRegions, { index: boundaries, overlap: overlapOn(policy, content.judgedOn) });
  if (found.verdict === 'found') return { ...content, regions: found.regions };
  lost('area');
  return content;
}
