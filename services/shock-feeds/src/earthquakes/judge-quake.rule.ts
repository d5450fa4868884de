/**
 * What an earthquake means here: which places it shook, how hard, and where the shock goes. A pure function of the
 * statement, the policy of its day and the places whose positions are known.
 */
import { COUNTRY, shanghaiDay, type RegionCode } from '@fangpin/domain-kit';
import {
  underPolicy,
  type PolicySet,
  type QuakeAttenuation,
  type QuakeLevel,
  type QuakeUnknowns,
} from '@fangpin/policy';
import { outermost } from '../cap/cap-area.rule.js';
import type { Problem } from '../cap/cap-message.js';
import { laneOf } from '../shocks/lane.rule.js';
import type { IntensityFacts, ShockContent } from '../shocks/shock.js';
import { degreeOf, intensityAt, reachKm, type Source } from './attenuation.rule.js';
import { quakeHeadline, withIntensity } from './headline.js';
import { levelOfIntensity, type Zone } from './intensity-zones.js';
import type { NearPlace, QuakePlaces } from './quake-places.js';
import type { Quake } from './quake.js';
import { roman } from './roman.js';

export interface QuakeContext {
  readonly policy: PolicySet;
  readonly places: QuakePlaces;
}

export interface QuakeVerdict {
  readonly content: ShockContent;
  /** No place that is known here has the floor intensity. */
  readonly recorded: boolean;
  readonly problems: readonly Problem[];
}

/** Of a quake with magnitude and epicentre. */
export type LocatedQuake = Quake & Required<Pick<Quake, 'magnitude' | 'epicentre'>>;

export function judgeQuake(quake: LocatedQuake, { policy, places }: QuakeContext): QuakeVerdict {
  const { content: nothing, depthKm, unknowns, nearest } = stated(quake, { policy, places });
  const { judgedOn } = nothing;
  const problems: Problem[] = [];
  if (unknowns === undefined || nearest === undefined) {
    problems.push({ code: 'POLICY.NONE', text: `${judgedOn}没有适用的政策，仅作记录` });
    return { content: nothing, recorded: true, problems };
  }
  if (quake.depthKm === undefined)
    problems.push({ code: 'QUAKE.DEPTH_ASSUMED', text: `没有震源深度，按政策推定为${depthKm}千米` });
  const relation = policy.get('quake-attenuation', nearest.code, judgedOn).value;
  const magnitude = surfaceWaveMagnitude(quake, policy, judgedOn, problems);
  const limits = policy.get('quake-level', nearest.code, judgedOn).value;
  const zones = shakenZones({ magnitude, depthKm }, quake, { places, unknowns, relation, limits }, problems);
  if (zones.length === 0) return { content: nothing, recorded: true, problems };
  const regions = outermost(zones.filter(({ counts }) => counts).map(({ region }) => region));
  const most = Math.max(...zones.map(({ intensity }) => intensity));
  const level = levelOfIntensity(most, limits);
  const lane = underPolicy(() => laneOf({ kind: 'earthquake', level, observed: true }, regions, judgedOn, policy));
  if (lane === undefined) problems.push({ code: 'POLICY.NONE', text: `${judgedOn}没有适用的政策，仅作记录` });
  const intensity: IntensityFacts = {
    ...nothing.facts?.intensity,
    reported: false,
    zones: zones.map(({ region, intensity: degree }) => ({ region, intensity: degree })),
  };
  const content: ShockContent = {
    ...nothing,
    level,
    lane: lane ?? 'recorded',
    regions,
    headline: withIntensity(nothing.headline, most, false),
    facts: { intensity },
  };
  return { content, recorded: false, problems };
}

/** The event without any judgement: of what has been deleted, or is no earthquake. */
export function unjudged(quake: Quake, context: QuakeContext): ShockContent {
  return stated(quake, context).content;
}

/** Who says so, for the source of the shock. */
export function catalogueOf({ network }: Pick<Quake, 'network'>): string {
  return network === '' ? '地震目录' : `地震目录（${network}）`;
}

interface Stated {
  readonly content: ShockContent;
  readonly depthKm: number;
  readonly unknowns: QuakeUnknowns | undefined;
  readonly nearest: NearPlace | undefined;
}

function stated(quake: Quake, { policy, places }: QuakeContext): Stated {
  const judgedOn = shanghaiDay(quake.time);
  const { magnitude, epicentre } = quake;
  const unknowns = underPolicy(() => policy.get('quake-unknowns', COUNTRY, judgedOn).value);
  const nearest =
    unknowns === undefined || epicentre === undefined ? undefined : places.nearestCounty(epicentre, unknowns);
  const depthKm = quake.depthKm ?? unknowns?.depthKm ?? 0;
  const intensity: IntensityFacts = {
    zones: [],
    reported: false,
    ...(magnitude === undefined ? {} : { magnitude }),
    depthKm,
    ...(epicentre === undefined ? {} : { latitude: epicentre[1], longitude: epicentre[0] }),
  };
  const content: ShockContent = {
    kind: 'earthquake',
    level: 0,
    observed: true,
    lane: 'recorded',
    regions: [],
    onset: quake.time,
    expires: null,
    headline: quakeHeadline(quake, depthKm, nearest),
    source: catalogueOf(quake),
    policyVersion: policy.version,
    judgedOn,
    damage: [],
    facts: { intensity },
  };
  return { content, depthKm, unknowns, nearest };
}

interface ZoneContext {
  readonly places: QuakePlaces;
  readonly unknowns: QuakeUnknowns;
  readonly relation: QuakeAttenuation;
  readonly limits: QuakeLevel;
}

/** `counts`: it reaches the floor itself; the others say where a wider place among the zones was shaken less. */
function shakenZones(
  source: Source,
  { epicentre }: LocatedQuake,
  { places, unknowns, relation, limits }: ZoneContext,
  problems: Problem[],
): (Zone & { readonly counts: boolean })[] {
  const floor = limits.floorIntensity;
  const reach = reachKm(relation, source, floor);
  if (reach === undefined) {
    const epicentral = roman(degreeOf(intensityAt(relation, source, 0)));
    problems.push({ code: 'QUAKE.TOO_WEAK', text: `推算震中烈度${epicentral}度，不到${roman(floor)}度，仅作记录` });
    return [];
  }
  const degree = ({ distanceKm }: NearPlace): number => degreeOf(intensityAt(relation, source, distanceKm));
  const shaken = places.within(reach, epicentre, unknowns);
  if (shaken.length === 0) {
    const text = `震中周围${Math.round(reach)}千米内没有已知位置的区域（在境外，或边界尚未载入），仅作记录`;
    problems.push({ code: 'QUAKE.NO_AREA_REACHED', text });
    return [];
  }
  problems.push({
    code: 'QUAKE.COMPUTED',
    text: `烈度按${relation.name}衰减关系推算；断层走向未知，各方向均按长轴；以后以调查烈度为准`,
  });
  const counties = new Set<RegionCode>(shaken.map(({ code }) => code));
  const refining = places.refining(counties, epicentre, unknowns);
  return [
    ...shaken.map((place) => ({ region: place.code, intensity: degree(place), counts: true })),
    ...refining.map((place) => ({ region: place.code, intensity: Math.max(1, degree(place)), counts: false })),
  ].sort((a, b) => (a.region < b.region ? -1 : 1));
}

/** The relation is stated in Ms; what other types add is policy, by type. */
function surfaceWaveMagnitude(quake: LocatedQuake, policy: PolicySet, day: string, problems: Problem[]): number {
  const type = /^m([wsbld])/i.exec(quake.magnitudeType)?.[1]?.toLowerCase();
  const { plus } = policy.get('quake-magnitude', COUNTRY, day, type === undefined ? 'other' : `m${type}`).value;
  const magnitude = quake.magnitude + plus;
  if (plus !== 0)
    problems.push({
      code: 'QUAKE.MAGNITUDE_CONVERTED',
      text: `震级${quake.magnitudeType} ${quake.magnitude}按面波震级Ms ${magnitude.toFixed(1)}推算烈度`,
    });
  else if (type !== 's')
    problems.push({
      code: 'QUAKE.MAGNITUDE_TYPE',
      text: `震级类型${quake.magnitudeType === '' ? '未注明' : quake.magnitudeType}，按面波震级Ms推算烈度`,
    });
  return magnitude;
}
