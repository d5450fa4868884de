/** What stands against a step: named predicates that answer with a reason, or nothing. Pure; no body is looked at. */
import type { Role } from '@fangpin/service-kit';
import { leavingEntries, type Leaving } from '../register/left-states.js';
import { allCaseActions, caseActions, type Requirement } from './case-actions.js';
import { lifecycle, type CaseAction } from './case-lifecycle.js';
import { caseStates, type CaseState } from './case-states.js';

export interface RefusalReason {
  readonly code: 'CASE.STATE' | 'CASE.ROLE' | 'CASE.MACHINE_ONLY' | 'CASE.NOT_YET_AVAILABLE' | 'CASE.REGISTER';
  /** Chinese, for the officer. */
  readonly text: string;
}

/** `left`: how the household has left by the register; undefined while it is there. */
type Guard = (action: CaseAction, state: CaseState, role: Role, left: Leaving | undefined) => RefusalReason | undefined;

/** What a state asks for before anything further, where a sentence helps more than its name. */
const hints: Partial<Record<CaseState, string>> = {
  clue: '当前为线索，须先核实和比对',
  verifying: '正在入户核实，尚未提交评议',
  comparing: '正在信息比对，尚未提交评议',
  dismissed: '线索已排除，理由已告知农户',
  withdrawn: '预警已撤回，线索已关闭',
};

export const stateAllows: Guard = (action, state) =>
  lifecycle[state][action] !== undefined
    ? undefined
    : {
        code: 'CASE.STATE',
        text: `${hints[state] ?? `当前状态为“${caseStates[state].label}”`}，不能“${caseActions[action].label}”`,
      };

export const isForPeople: Guard = (action) =>
  caseActions[action].roles.length > 0
    ? undefined
    : { code: 'CASE.MACHINE_ONLY', text: `“${caseActions[action].label}”由系统根据预警办理，不由人工操作` };

export const roleMay: Guard = (action, _state, role) => {
  const { roles, label } = caseActions[action];
  return roles.length === 0 || roles.includes(role)
    ? undefined
    : { code: 'CASE.ROLE', text: `您的岗位不办理“${label}”` };
};

export const canBeRecorded: Guard = (action) =>
  caseActions[action].available
    ? undefined
    : { code: 'CASE.NOT_YET_AVAILABLE', text: `“${caseActions[action].label}”所需的文书尚不能在系统中登记` };

const leavingBy: Partial<Record<CaseAction, Leaving>> = {
  'move-out': 'moved-out',
  'dissolve-household': 'household-dissolved',
};

/** A household is let go on evidence only: that it has left is entered in the register first. */
export const registerSaysSo: Guard = (action, _state, _role, left) => {
  const leaving = leavingBy[action];
  if (leaving === undefined || leaving === left) return undefined;
  const { label } = caseActions[action];
  const { label: needed } = leavingEntries[leaving];
  const now = left === undefined ? '该户仍在册' : `该户登记为“${leavingEntries[left].label}”`;
  return { code: 'CASE.REGISTER', text: `农户台账中${now}，须先在农户台账登记“${needed}”，才能“${label}”` };
};

const guards: readonly Guard[] = [stateAllows, isForPeople, roleMay, canBeRecorded, registerSaysSo];

/** Every reason against a step; empty when it is allowed. `left`: how the household has left by the register. */
export function reasonsAgainst(action: CaseAction, state: CaseState, role: Role, left?: Leaving): RefusalReason[] {
  return guards.flatMap((guard) => guard(action, state, role, left) ?? []);
}

export interface AllowedAction {
  readonly action: CaseAction;
  readonly label: string;
  readonly requires: readonly Requirement[];
}

export interface RefusedAction {
  readonly action: CaseAction;
  readonly label: string;
  readonly reasons: readonly RefusalReason[];
}

/** Every action of the life cycle, either allowed with what it requires or refused with at least one reason. */
export function actionsFor(
  state: CaseState,
  role: Role,
  left?: Leaving,
): { allowedActions: AllowedAction[]; refusedActions: RefusedAction[] } {
  const allowedActions: AllowedAction[] = [];
  const refusedActions: RefusedAction[] = [];
  for (const action of allCaseActions) {
    const { label, requires } = caseActions[action];
    const reasons = reasonsAgainst(action, state, role, left);
    if (reasons.length === 0) allowedActions.push({ action, label, requires });
    else refusedActions.push({ action, label, reasons });
  }
  return { allowedActions, refusedActions };
}
