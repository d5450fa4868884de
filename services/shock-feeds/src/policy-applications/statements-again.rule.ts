/**
 * All that was said of one shock, derived again by another version of the policy. Surveyed zones of an earthquake stand over
 * computed ones as they did (earthquakes/join-intensity.rule.ts). Pure.
 */
import { underPolicy } from '@fangpin/policy';
import { overlapOn } from '../boundaries/overlap-on.js';
import { latestKnown, latestSurvey, partOf, underSurvey } from '../earthquakes/join-intensity.rule.js';
import { placeSurvey } from '../earthquakes/place-survey.rule.js';
import { surveyedContent } from '../earthquakes/surveyed-content.rule.js';
import type { Statement } from '../shocks/chain.rule.js';
import { observedEndsDueAt } from '../shocks/observed-life.rule.js';
import type { ShockContent } from '../shocks/shock.js';
import { contentAgain, type Derivation, type DerivedPart } from './derive-again.rule.js';
import type { Said } from './said-of-shocks.js';
import { underPresentPolicy } from './under-present-policy.rule.js';

export interface Again {
  readonly statements: readonly Statement[];
  /** What policy had derived and is left as it was. */
  readonly notDerived: ReadonlySet<DerivedPart>;
}

type Content = Pick<Said, 'basis' | 'recorded'> & {
  readonly statement: Statement & { readonly content: ShockContent };
};

export function statementsAgain(said: readonly Said[], derivation: Derivation): Again {
  const lost = new Set(said.flatMap((one) => notKept(one, derivation)));
  const first = said.map((one) => (hasContent(one) ? withContent(one, own(one, derivation, lost)) : one));
  const second = first.some(({ statement }) => statement !== undefined && partOf(statement) === 'survey')
    ? surveysAgain(said, first, derivation)
    : first;
  const statements = second.flatMap((one, i) => {
    const before = said[i]?.statement;
    return one.statement === undefined || before === undefined ? [] : [ended(one.statement, before, one, derivation)];
  });
  return { statements, notDerived: lost };
}

function own({ statement, basis, recorded }: Content, derivation: Derivation, lost: Set<DerivedPart>): ShockContent {
  const { type, content } = statement;
  // What was over, or no warning, when it came in is so by any policy; only an earthquake is recorded by its figures.
  if (recorded && basis.quake === undefined) return { ...content, policyVersion: derivation.policy.version };
  // What calls off says no more than that.
  if (type === 'cancel' || type === 'lift') return underPresentPolicy(content, derivation.policy);
  return contentAgain(content, basis, derivation, (part) => lost.add(part));
}

/** What was derived when the message was judged, and what it was derived from is not kept. */
function notKept({ noted, basis, statement, recorded }: Said, { ends }: Derivation): DerivedPart[] {
  if (statement?.content === undefined || (recorded && !noted.has('QUAKE.COMPUTED'))) return [];
  const parts: DerivedPart[] = [];
  if (noted.has('AREA.FROM_SHAPE') && basis.areas === undefined) parts.push('area');
  if (noted.has('QUAKE.COMPUTED') && basis.quake === undefined) parts.push('intensity');
  if (ends && basis.expiry === undefined && [...noted].some((code) => code.endsWith('.EXPIRY_ASSUMED')))
    parts.push('expiry');
  return parts;
}

/** `before`: as they were said, which tells whether a statement stood under a survey. */
function surveysAgain(before: readonly Said[], first: readonly Said[], derivation: Derivation): Said[] {
  const statementsOf = (all: readonly Said[]): Statement[] => all.flatMap(({ statement }) => statement ?? []);
  const known = latestKnown(statementsOf(first));
  const surveyed = first.map((one) =>
    hasContent(one) && partOf(one.statement) === 'survey' ? withContent(one, surveyAgain(one, known, derivation)) : one,
  );
  const survey = latestSurvey(statementsOf(surveyed));
  if (survey === undefined) return surveyed;
  return surveyed.map((one, i) => {
    if (!hasContent(one)) return one;
    const part = partOf(one.statement);
    if (part === 'joined') return withContent(one, underSurvey(known ?? one.statement.content, survey));
    const stoodUnder = part === 'known' && before[i]?.statement?.content?.facts?.intensity?.reported === true;
    return stoodUnder ? withContent(one, underSurvey(one.statement.content, survey)) : one;
  });
}

/** Zones that were outlined are placed again; others are what they were. A version without grades for its day leaves all. */
function surveyAgain({ statement, basis }: Content, known: ShockContent | undefined, derivation: Derivation) {
  const { content } = statement;
  const { policy, boundaries } = derivation;
  const outlined = basis.survey?.said.zones.some(({ polygons }) => polygons.length > 0) === true;
  const placed =
    basis.survey === undefined || !outlined
      ? []
      : placeSurvey(basis.survey.said, {
          boundaries,
          overlap: overlapOn(policy, content.judgedOn),
          near: basis.survey.near,
        }).zones;
  const zones = placed.length > 0 ? placed : (content.facts?.intensity?.zones ?? []);
  const { source } = content;
  return underPolicy(() => surveyedContent(known ?? content, { zones, source }, policy)) ?? content;
}

/** When it is over by the clock: of what has been observed by its life, of a forecast as much later as its end. */
function ended(statement: Statement, before: Statement, { heardAt }: Said, { policy, ends }: Derivation): Statement {
  const { content, endsDueAt } = statement;
  if (content === undefined || !ends) return statement;
  if (content.observed) return { ...statement, endsDueAt: observedEndsDueAt(content, heardAt, policy) ?? endsDueAt };
  const later = (content.expires?.getTime() ?? 0) - (before.content?.expires?.getTime() ?? 0);
  return endsDueAt === null ? statement : { ...statement, endsDueAt: new Date(endsDueAt.getTime() + later) };
}

function hasContent(one: Said): one is Said & Content {
  return one.statement?.content !== undefined;
}

function withContent<One extends Content>(one: One, content: ShockContent): One {
  return { ...one, statement: { ...one.statement, content } };
}
