/** All that happened to a case, oldest first: its opening, alerts that joined, and every step of people and of the machine. */
import { toBeijingTime } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import { CaseStepEntity } from '../case-step.entity.js';
import { caseActions, findCaseAction } from '../case-actions.js';
import { caseStateOf } from '../case-states.js';
import type { CaseEntity } from '../case.entity.js';
import { getCase } from '../case.repository.js';
import type { CaseStepResponse } from '../dto/case.response.js';
import { regimeName } from '../regime.js';

/** What the machine does, and what comes from check lists, beside the actions of the life cycle. */
const otherLabels: Readonly<Record<string, string>> = {
  opened: '预警生成线索',
  'alert-attached': '另一预警并入',
  reopened: '预警恢复，线索重新打开',
  'asked-again': '风险加重或原核查已过期，线索重新打开',
  withdrawn: '预警撤回，线索关闭',
  flagged: '预警已撤回，请复核',
  unflagged: '预警恢复，复核标记取消',
  'severity-changed': '风险等级变化',
  'open-from-check': '排查有风险，转为线索',
  'attach-from-check': '排查有风险，并入在办',
};

interface Happening {
  readonly at: Date;
  readonly shown: CaseStepResponse;
}

/** Throws `CASE.NOT_FOUND` where the scope shows none. */
export async function readHistory(tx: Tx, id: string): Promise<CaseStepResponse[]> {
  const found = await getCase(tx, id);
  const { caseOrigin, householdId } = found;
  const steps = await tx.manager.find(CaseStepEntity, {
    where: { caseOrigin, householdId },
    order: { revision: 'ASC' },
  });
  const byPeople = new Set(steps.map((step) => step.steppedAt.getTime()));
  const joined = (await attachments(tx, found)).filter(({ at }) => !byPeople.has(at.getTime()));
  const later = [...steps.map((step) => ({ at: step.steppedAt, shown: showStep(step) })), ...joined];
  // Stable: steps of one moment stay in the order of their revisions.
  later.sort((one, other) => one.at.getTime() - other.at.getTime());
  return [await openingOf(tx, found, steps[0]), ...later.map(({ shown }) => shown)];
}

const byMachine = { actor: null, actorRole: null, reason: null, checkers: null, toldOn: null };

async function openingOf(tx: Tx, found: CaseEntity, first: CaseStepEntity | undefined): Promise<CaseStepResponse> {
  const [ref] = await tx.query<{ policy_version: string }>('SELECT policy_version FROM triage_refs WHERE origin = $1', [
    found.caseOrigin,
  ]);
  return {
    ...byMachine,
    revision: first === undefined ? found.revision : first.revision - 1,
    at: toBeijingTime(found.openedAt),
    action: 'opened',
    label: labelOf('opened'),
    from: null,
    to: 'clue',
    // Kept on the case row alone, which has moved on by then.
    severity: first === undefined ? found.severity : null,
    regime: regimeName(found.regime),
    policyVersion: ref?.policy_version ?? null,
  };
}

/** Alerts that joined; a joining moves neither state nor revision. */
async function attachments(tx: Tx, { caseOrigin, householdId, regime }: CaseEntity): Promise<Happening[]> {
  const rows = await tx.query<{ attached_at: Date; severity: number }>(
    `SELECT attached_at, severity FROM case_alerts WHERE case_origin = $1 AND household_id = $2`,
    [caseOrigin, householdId],
  );
  return rows.map(({ attached_at: at, severity }) => ({
    at,
    shown: {
      ...byMachine,
      revision: null,
      at: toBeijingTime(at),
      action: 'alert-attached',
      label: labelOf('alert-attached'),
      from: null,
      to: null,
      severity,
      regime: regimeName(regime),
      policyVersion: null,
    },
  }));
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
  return otherLabels[action] ?? (named === undefined ? action : caseActions[named].label);
}
