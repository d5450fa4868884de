/** The values of policy that triage goes by, asked once a place and day. */
import type { RegionCode } from '@fangpin/domain-kit';
import type { PolicySet } from '@fangpin/policy';
import type { TriageRules } from './triage-decision.js';

export class TriagePolicy {
  private readonly known = new Map<string, TriageRules>();

  constructor(private readonly policy: PolicySet) {}

  rulesAt(region: RegionCode, day: string): TriageRules {
    const key = `${region}/${day}`;
    let rules = this.known.get(key);
    if (rules === undefined) {
      const { months, worseByLevels } = this.policy.get('no-risk-memory-months', region, day).value;
      const { caseFrom } = this.policy.get('triage', region, day).value;
      this.known.set(key, (rules = { caseFrom, worseByLevels, months }));
    }
    return rules;
  }
}
