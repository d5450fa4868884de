/** How long a finding is looked at again. */
import { monthsAfter } from '@fangpin/domain-kit';
import type { PolicySet } from '@fangpin/policy';
import { townshipCode, townshipOf } from '../fan-out/township.js';
import type { FindingState } from './decide-finding.rule.js';
import type { NotedFinding } from './noted-finding.js';

type Dated = Pick<NotedFinding, 'dutyCode' | 'facts'>;

/**
 * Whether a finding is judged again today when its household changes. One that was withheld is for the months of `held-back-finding`
 * after its day: a house that turns out to be the only one, an income that falls, a household that is monitored by now. All others
 * are, for they wait.
 */
export function isLookedAtStill(
  finding: Dated & { readonly outcome: FindingState },
  policy: PolicySet,
  today: string,
): boolean {
  return finding.outcome !== 'withheld' || speaksStill(finding, policy, today);
}

/** Whether a finding still speaks of what its household lives on: for the months of `held-back-finding` after its day. */
export function speaksStill({ dutyCode, facts }: Dated, policy: PolicySet, today: string): boolean {
  const { months } = policy.get('held-back-finding', townshipCode(townshipOf(dutyCode)), today).value;
  return monthsAfter(facts.occurredOn, months) >= today;
}
