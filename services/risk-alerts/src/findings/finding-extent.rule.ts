/**
 * How much a finding tells of within a severity, and from which extent on a check of it answers no more: whoever is red already has no colour left to
 * worsen to, and a bill ten times as large is to be looked at all the same (docs/adr/0059). Of what was paid the fen, against the share of policy from
 * which a sum counts as grown; of a house, of water and of a child out of school how grave the need is by itself.
 */
import type { RegionCode } from '@fangpin/domain-kit';
import { underPolicy, type PolicySet } from '@fangpin/policy';
import { paidFen, type FindingFacts } from './finding-facts.js';
import { grownFrom, needOf } from './finding-loss.rule.js';

export interface FindingExtent {
  /** Fen, or the level of a need; to be compared with that of findings of the same subject alone. */
  readonly extent: number;
  /** 0: nothing is said of it. */
  readonly asksAgainFrom: number;
}

const NEEDS: readonly string[] = ['unsafe-house', 'water', 'drop-out'];
const UNSTATED: FindingExtent = { extent: 0, asksAgainFrom: 0 };

/** By the policy that the alert names; nothing is stated where it has no value for the place and day. */
export function extentOf(finding: FindingFacts, policy: PolicySet, township: RegionCode): FindingExtent {
  return underPolicy(() => (NEEDS.includes(finding.kind.key) ? ofNeed : ofBill)(finding, policy, township)) ?? UNSTATED;
}

/** An alert of a house stands only where that is the only dwelling. */
function ofNeed(finding: FindingFacts, policy: PolicySet, township: RegionCode): FindingExtent {
  const extent = needOf(finding, { onlyDwelling: true }, policy, township)?.level ?? 0;
  return { extent, asksAgainFrom: extent + 1 };
}

/** What an accident or a crime costs is treatment first: it has grown by what a bill of treatment has. Below the lower threshold of the place no sum counts. */
function ofBill(finding: FindingFacts, policy: PolicySet, township: RegionCode): FindingExtent {
  const bill = finding.kind.key === 'tuition' ? 'tuition' : 'medical-spending';
  const { watchedFromFen, againAfterGrowthShare } = policy.get(
    'finding-spending',
    township,
    finding.occurredOn,
    bill,
  ).value;
  const extent = paidFen(finding);
  return { extent, asksAgainFrom: Math.max(watchedFromFen, grownFrom(extent, againAfterGrowthShare), extent + 1) };
}
