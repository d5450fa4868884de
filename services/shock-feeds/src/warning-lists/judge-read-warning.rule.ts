/** What becomes of a warning read from words: a shock by the policy of its day, history, or a case for an officer. Pure. */
import { COUNTRY, shanghaiDay, type RegionCode } from '@fangpin/domain-kit';
import { underPolicy, type PolicySet } from '@fangpin/policy';
import type { Problem } from '../cap/cap-message.js';
import type { Basis } from '../intake/basis.js';
import { assumedEnd } from '../shocks/assumed-end.rule.js';
import { laneOf } from '../shocks/lane.rule.js';
import type { ShockContent } from '../shocks/shock.js';
import type { ReadWarning } from './notice.js';

/** A warning that can stand: it says what, where and when. */
export type UsableWarning = ReadWarning & { readonly kind: string; readonly sent: Date };

export type JudgedWarning =
  | { readonly verdict: 'quarantined'; readonly problems: readonly Problem[] }
  | {
      readonly verdict: 'taken' | 'recorded';
      readonly warning: UsableWarning;
      readonly content: ShockContent;
      /** Absent where the notice states its end. */
      readonly basis?: Basis;
      readonly problems: readonly Problem[];
    };

/** `judgedAt`: the clock's time at receipt, or the replay time; what is over by then is history. */
export function judgeReadWarning(warning: ReadWarning, policy: PolicySet, judgedAt: Date): JudgedWarning {
  const missing = whatIsMissing(warning);
  const problems = [...warning.problems, ...missing];
  const { kind, sent, level, regions, type } = warning;
  if (kind === undefined || sent === undefined || missing.length > 0) return { verdict: 'quarantined', problems };
  const judgedOn = shanghaiDay(sent);
  const expires = type === 'lift' ? null : (warning.expires ?? endByPolicy(warning, kind, sent, policy, problems));
  const lane = underPolicy(() => laneOf({ kind, level, observed: false }, regions, judgedOn, policy));
  if (lane === undefined) problems.push({ code: 'POLICY.NONE', text: `${judgedOn}没有适用的政策，仅作记录` });
  const over = expires !== null && expires <= judgedAt;
  if (over) problems.push({ code: 'WARNING.EXPIRED', text: '收到时已过失效时间，仅作记录' });
  const content: ShockContent = {
    kind,
    level,
    // A warning is a forecast: harm is reported by people.
    observed: false,
    lane: over || type === 'lift' ? 'recorded' : (lane ?? 'recorded'),
    regions,
    onset: warning.onset ?? sent,
    expires,
    headline: warning.headline,
    source: warning.office,
    policyVersion: policy.version,
    judgedOn,
    damage: [],
  };
  const basis = expires === null || warning.expires !== undefined ? {} : { basis: { expiry: { from: sent } } };
  return { verdict: over ? 'recorded' : 'taken', warning: { ...warning, kind, sent }, content, ...basis, problems };
}

function whatIsMissing({ kind, sent, regions }: ReadWarning): Problem[] {
  const missing: Problem[] = [];
  if (kind === undefined) missing.push({ code: 'WARNING.KIND_UNREADABLE', text: '灾种未识别，需人工判断' });
  if (sent === undefined) missing.push({ code: 'WARNING.TIME_UNREADABLE', text: '发布时间无法识别' });
  if (regions.length === 0) missing.push({ code: 'AREA.NONE', text: '没有可用的区域，需人工指定区域' });
  return missing;
}

function endByPolicy({ regions }: ReadWarning, kind: string, sent: Date, policy: PolicySet, problems: Problem[]): Date {
  const place: RegionCode = regions[0] ?? COUNTRY;
  const life = underPolicy(() => policy.get('notice-expiry-hours', place, shanghaiDay(sent), kind));
  // Without a policy of its day it is history, and POLICY.NONE says so.
  if (life === undefined) return sent;
  const { hours } = life.value;
  problems.push({ code: 'WARNING.EXPIRY_ASSUMED', text: `没有失效时间，按政策推定为发布后${hours}小时` });
  return assumedEnd({ from: sent }, hours);
}
