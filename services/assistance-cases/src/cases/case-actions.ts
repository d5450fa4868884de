/**
 * Who may take each step, what it needs, and whether this release can take it. The roles follow the procedure of rulebook
 * §4.1: village and resident cadres check, township and county compare and decide.
 */
import type { Role } from '@fangpin/service-kit';
import type { CaseAction } from './case-lifecycle.js';

/** What the body of a step must carry. */
export type Requirement = 'reason' | 'checkers' | 'toldOn';

export interface ActionRule {
  readonly label: string;
  /** Empty for what only the machine does. */
  readonly roles: readonly Role[];
  readonly requires: readonly Requirement[];
  /** False until the paper of the step (minutes, notice, approval) can be recorded; then the step is refused with that reason. */
  readonly available: boolean;
}

const VILLAGE: readonly Role[] = [
  'village-monitor',
  'resident-team',
  'helper',
  'township-caseworker',
  'county-officer',
];
const TOWNSHIP: readonly Role[] = ['township-caseworker', 'county-officer'];
const COUNTY: readonly Role[] = ['county-officer'];

const now = (label: string, roles: readonly Role[], ...requires: Requirement[]): ActionRule => ({
  label,
  roles,
  requires,
  available: true,
});
const later = (label: string, roles: readonly Role[]): ActionRule => ({ label, roles, requires: [], available: false });

export const caseActions: Readonly<Record<CaseAction, ActionRule>> = {
  'start-verification': now('开始入户核实', VILLAGE),
  'start-comparison': now('开始信息比对', TOWNSHIP),
  // A refusal is explained to the household and fed back (rulebook §4.5); two people have looked (§4.1 step 2).
  dismiss: now('排除线索', TOWNSHIP, 'reason', 'checkers', 'toldOn'),
  decline: later('登记农户放弃', TOWNSHIP),
  'start-review': later('提交民主评议', VILLAGE),
  publicise: later('村内公示', VILLAGE),
  'submit-to-township': later('报乡镇审核', VILLAGE),
  'submit-to-county': later('报县级审定', TOWNSHIP),
  announce: later('批复并公告', COUNTY),
  register: later('系统标注', TOWNSHIP),
  'start-monitoring': later('纳入监测', TOWNSHIP),
  'plan-measures': later('制定帮扶措施', TOWNSHIP),
  assist: later('落实帮扶', TOWNSHIP),
  'start-removal': later('启动风险消除', TOWNSHIP),
  'review-removal': later('风险消除评议', VILLAGE),
  'publicise-removal': later('风险消除公示', VILLAGE),
  'submit-removal-to-township': later('风险消除报乡镇', VILLAGE),
  'submit-removal-to-county': later('风险消除报县', TOWNSHIP),
  remove: later('标注风险消除', COUNTY),
  track: later('转入跟踪', TOWNSHIP),
  'roll-back': later('退回', TOWNSHIP),
  're-identify': later('重新识别', TOWNSHIP),
  'correct-out': later('纠错退出', COUNTY),
  // Of a household that has left there is nobody to be told; that it has is the register's word (case-guards.ts).
  'dissolve-household': now('登记自然减少', TOWNSHIP, 'reason'),
  'end-naturally': later('登记自然消除', TOWNSHIP),
  'move-out': now('登记迁出', TOWNSHIP, 'reason'),
  withdraw: { label: '预警撤回', roles: [], requires: [], available: true },
};

export const allCaseActions = Object.keys(caseActions) as readonly CaseAction[];

export function findCaseAction(name: string): CaseAction | undefined {
  return allCaseActions.find((action) => action === name);
}
