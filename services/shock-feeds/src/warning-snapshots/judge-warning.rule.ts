/** What one listed warning says of a shock, judged at the time of its list: kind, area, lane and end by the policy of that day. */
import { COUNTRY, findRegionCode, shanghaiDay, type RegionCode } from '@fangpin/domain-kit';
import { underPolicy, type PolicySet } from '@fangpin/policy';
import { regionName } from '@fangpin/regions';
import { kindByWords } from '../cap/event-kind.rule.js';
import type { Basis } from '../intake/basis.js';
import { assumedEnd, type AssumedEnd } from '../shocks/assumed-end.rule.js';
import { laneOf } from '../shocks/lane.rule.js';
import type { ShockContent } from '../shocks/shock.js';
import { remembered } from './remember.js';

export interface WarningFacts {
  readonly code: string;
  readonly type: string;
  readonly colour: string;
  readonly level: number;
  readonly name: string;
  /** When the warning that now stands was issued. */
  readonly issued: Date;
  /** Absent where the list states none. */
  readonly expires?: Date;
}

export interface JudgedWarning {
  readonly kind: string;
  /** False where no word of the type is known; the shock is of kind `other`. */
  readonly kindKnown: boolean;
  /** Absent where no list of divisions has the code; the shock has no area and is only recorded. */
  readonly region?: RegionCode;
  readonly expires: Date;
  /** The list states no end, so the life of policy counts. */
  readonly expiryAssumed: boolean;
  /** What the policy was applied to; absent where the list states the end. */
  readonly basis?: Basis;
  /** The shock that it describes; most members of a list say nothing new and are not asked for it. */
  content(): ShockContent;
}

export interface JudgementContext {
  readonly feed: string;
  readonly policy: PolicySet;
  /** The time of the list. */
  readonly judgedAt: Date;
  /** When the first warning of the episode was issued. */
  readonly onset: Date;
}

const kindOfType = remembered(kindByWords);
/** Of a warning without an end, from before the first policy record. */
const NO_LIFE_HOURS = 1;

export function judgeWarning(warning: WarningFacts, context: JudgementContext): JudgedWarning {
  const { policy, judgedAt, feed } = context;
  const judgedOn = shanghaiDay(judgedAt);
  const known = kindOfType(warning.type);
  const kind = known ?? 'other';
  const region = regionOf(warning.code);
  const regions = region === undefined ? [] : [region];
  // What stands in a list of all warnings in force is in force, so one without an end lives on for as long as it is listed.
  const assumed: AssumedEnd = { from: warning.issued, after: judgedAt };
  const expires = warning.expires ?? assumedEnd(assumed, lifeHours(kind, region, judgedOn, policy));
  const content = (): ShockContent => ({
    kind,
    level: warning.level,
    // A warning is a forecast: harm is reported by people.
    observed: false,
    lane:
      underPolicy(() => laneOf({ kind, level: warning.level, observed: false }, regions, judgedOn, policy)) ??
      'recorded',
    regions,
    onset: context.onset,
    expires,
    headline:
      `${(region === undefined ? undefined : regionName(region)) ?? warning.name}${warning.type}${warning.colour}预警信号`.slice(
        0,
        500,
      ),
    source: feed === 'default' ? '气象预警清单' : `气象预警清单（${feed}）`,
    policyVersion: policy.version,
    judgedOn,
    damage: [],
  });
  return {
    kind,
    kindKnown: known !== undefined,
    ...(region === undefined ? {} : { region }),
    expires,
    expiryAssumed: warning.expires === undefined,
    ...(warning.expires === undefined ? { basis: { expiry: assumed } } : {}),
    content,
  };
}

function regionOf(code: string): RegionCode | undefined {
  const region = findRegionCode(code);
  return region === undefined || regionName(region) === undefined ? undefined : region;
}

function lifeHours(kind: string, region: RegionCode | undefined, day: string, policy: PolicySet): number {
  return (
    underPolicy(() => policy.get('notice-expiry-hours', region ?? COUNTRY, day, kind).value.hours) ?? NO_LIFE_HOURS
  );
}
