/**
 * Surveyed zones stand over computed ones, whatever comes first and whatever the catalogue says later: the state of a
 * chain is its latest statement with the latest survey laid over it. Pure.
 */
import { isDeepStrictEqual } from 'node:util';
import { foldChain, type Statement } from '../shocks/chain.rule.js';
import type { ShockContent } from '../shocks/shock.js';
import { withIntensity } from './headline.js';

const SURVEY = 'quake-zones:';
const JOINED = 'quake-joined:';

export function surveyKey(shockId: string, digest: Buffer): string {
  return `${SURVEY}${shockId}:${digest.toString('hex')}`;
}

/** What a statement of an earthquake's chain is: of a survey, one that joins, or of a catalogue, an officer, a warning. */
export function partOf({ key }: Pick<Statement, 'key'>): 'survey' | 'joined' | 'known' {
  return key.startsWith(SURVEY) ? 'survey' : key.startsWith(JOINED) ? 'joined' : 'known';
}

/** What is known of the earthquake, under the zones of a survey. */
export function underSurvey(known: ShockContent, survey: ShockContent): ShockContent {
  const intensity = survey.facts?.intensity;
  if (intensity === undefined) return known;
  const most = Math.max(...intensity.zones.map((zone) => zone.intensity));
  return {
    ...known,
    level: survey.level,
    lane: survey.lane,
    regions: survey.regions,
    source: survey.source,
    policyVersion: survey.policyVersion,
    headline: withIntensity(known.headline, most, true),
    facts: {
      ...known.facts,
      intensity: { ...known.facts?.intensity, zones: intensity.zones, reported: true },
    },
  };
}

/** The content of the latest survey of a chain. */
export function latestSurvey(statements: readonly Statement[]): ShockContent | undefined {
  return latest(statements, 'survey')?.content;
}

/** The latest content that is no survey. */
export function latestKnown(statements: readonly Statement[]): ShockContent | undefined {
  return latest(statements, 'known')?.content;
}

/**
 * What has to be said besides, so that the chain's state is its latest statement under its latest survey: nothing, unless
 * a survey or a statement came after a later one of the other kind. It counts from just after the last of both.
 */
export function joiningStatement(statements: readonly Statement[], reference: string): Statement | undefined {
  const [known, survey] = [latestKnown(statements), latestSurvey(statements)];
  if (known === undefined || survey === undefined) return undefined;
  const content = underSurvey(known, survey);
  const now = foldChain(statements, new Date(0));
  if (now.state === 'cancelled' || (now.content !== undefined && sameButLane(now.content, content))) return undefined;
  const said = statements.filter((statement) => statement.content !== undefined);
  const sent = new Date(Math.max(...said.map((statement) => statement.sent.getTime())) + 1);
  const identity = `${JOINED}${reference}@${sent.toISOString()}`;
  return { key: identity, identity, type: 'update', sent, references: [reference], content, endsDueAt: null };
}

/** A chain keeps the most urgent lane that it has been in, whatever one statement says. */
function sameButLane(a: ShockContent, b: ShockContent): boolean {
  return isDeepStrictEqual({ ...a, lane: b.lane }, b);
}

function latest(statements: readonly Statement[], part: ReturnType<typeof partOf>): Statement | undefined {
  return statements
    .filter(
      (one) => partOf(one) === part && one.content !== undefined && (one.type === 'alert' || one.type === 'update'),
    )
    .reduce<Statement | undefined>(
      (best, next) =>
        best === undefined || next.sent > best.sent || (+next.sent === +best.sent && next.key > best.key) ? next : best,
      undefined,
    );
}
