/** All that happened to a case, oldest first: its opening, then every step. */
import { toBeijingTime } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import { CaseStepEntity } from '../case-step.entity.js';
import { caseActions, findCaseAction } from '../case-actions.js';
import { caseStateOf } from '../case-states.js';
import { getCase } from '../case.repository.js';
import type { CaseStepResponse } from '../dto/case.response.js';
import { regimeName } from '../regime.js';

/** What the machine does, beside the actions of the life cycle. */
const machineLabels: Readonly<Record<string, string>> = {
  opened: '预警生成线索',
  reopened: '预警恢复，线索重新打开',
  withdrawn: '预警撤回，线索关闭',
  flagged: '预警已撤回，请复核',
  unflagged: '预警恢复，复核标记取消',
  'severity-changed': '风险等级变化',
  'alerts-changed': '预警并入或更新',
  'open-from-check': '排查有风险，转为线索',
  'attach-from-check': '排查有风险，并入在办',
};

/** Throws `CASE.NOT_FOUND` where the scope shows none. */
export async function readHistory(tx: Tx, id: string): Promise<CaseStepResponse[]> {
  const { caseOrigin, householdId, openedAt, severity, regime, revision } = await getCase(tx, id);
  const [ref] = await tx.query<{ policy_version: string }>('SELECT policy_version FROM triage_refs WHERE origin = $1', [
    caseOrigin,
  ]);
  const steps = await tx.manager.find(CaseStepEntity, {
    where: { caseOrigin, householdId },
    order: { revision: 'ASC' },
  });
  const first = steps[0];
  const opening: CaseStepResponse = {
    revision: first === undefined ? revision : first.revision - 1,
    at: toBeijingTime(openedAt),
    action: 'opened',
    label: labelOf('opened'),
    from: null,
    to: 'clue',
    // Kept on the case row alone, which has moved on by then.
    severity: first === undefined ? severity : null,
    regime: regimeName(regime),
    policyVersion: ref?.policy_version ?? '',
    actor: null,
    actorRole: null,
    reason: null,
    checkers: null,
    toldOn: null,
  };
  return [opening, ...steps.map(showStep)];
}

function showStep(step: CaseStepEntity): CaseStepResponse {
  return {
    revision: step.revision,
    at: toBeijingTime(step.steppedAt),
    action: step.action,
    label: labelOf(step.action),
    from: caseStateOf(step.fromState),
    to: caseStateOf(step.toState),
    severity: step.severity,
    regime: regimeName(step.regime),
    policyVersion: step.policyVersion,
    actor: step.actor,
    actorRole: step.actorRole,
    reason: step.reason,
    checkers: step.checkers,
    toldOn: step.toldOn,
  };
}

function labelOf(action: string): string {
  const named = findCaseAction(action);
  return machineLabels[action] ?? (named === undefined ? action : caseActions[named].label);
}
