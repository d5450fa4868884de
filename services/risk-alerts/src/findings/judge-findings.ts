/**
 * Judges findings that this transaction holds and stores what follows, set by set: their alert revisions, what became of each
 * finding, and one outbox row for some hundred of them. They are published as soon as the transaction commits.
 */
import type { Clock } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import { CLOCK } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { alertRevision, nextLook } from '../fan-out/alert-revision.js';
import { PolicyVersions } from '../policy/policy-versions.js';
import { decideFinding, type FindingDecision, type LastFindingAlert } from './decide-finding.rule.js';
import { lastFindingAlerts } from './finding-alerts.js';
import { settleFindings, type HeldFinding, type SettledFinding } from './finding-rows.js';
import { foundHouseholds } from './found-households.js';
import { StoreFindingAlerts, type FindingChange } from './store-finding-alerts.js';

@Injectable()
export class JudgeFindings {
  constructor(
    private readonly policies: PolicyVersions,
    private readonly alerts: StoreFindingAlerts,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute(tx: Tx, findings: readonly HeldFinding[]): Promise<void> {
    if (findings.length === 0) return;
    const policy = this.policies.current;
    const households = await foundHouseholds(
      tx,
      findings.map(({ householdId }) => householdId),
    );
    const last = await lastFindingAlerts(
      tx,
      findings.filter(({ known }) => known).map(({ facts }) => facts.findingId),
    );
    const settled: SettledFinding[] = [];
    const changes: FindingChange[] = [];
    for (const finding of findings) {
      const household = households.get(finding.householdId);
      const alerts = last.get(finding.facts.findingId) ?? [];
      const decision = decideFinding(finding, household, alerts, policy);
      const dutyCode = household === undefined || household === 'left' ? finding.dutyCode : household.dutyCode;
      settled.push({ finding, decision, dutyCode });
      const change = changeOf(finding, decision, alerts);
      if (change !== undefined) changes.push(change);
    }
    if (changes.length > 0) await this.alerts.execute(tx, changes, policy);
    await settleFindings(tx, settled, policy.version, this.clock.now());
  }
}

function changeOf(
  finding: HeldFinding,
  { raise, withdraw }: FindingDecision,
  alerts: readonly LastFindingAlert[],
): FindingChange | undefined {
  if (raise === undefined && withdraw.length === 0) return undefined;
  const { revision } = finding.facts;
  const own = alerts.find(
    ({ origin, householdId }) => origin === finding.origin && householdId === finding.householdId,
  );
  return {
    finding,
    raised: raise === undefined ? undefined : { finding, ...raise, revision: after(revision, own) },
    withdrawn: withdraw.map((alert) => ({ alert, revision: after(revision, alert) })),
  };
}

/** The alert's revision under a finding's; a later look where there is one of that revision already. */
function after(findingRevision: number, last: LastFindingAlert | undefined): number {
  const first = alertRevision(findingRevision);
  return last === undefined || last.revision < first ? first : nextLook(findingRevision, last.revision);
}
