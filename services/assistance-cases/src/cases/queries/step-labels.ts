/** What a line of a case's history says to those who read it. */
import { caseActions, findCaseAction } from '../case-actions.js';

/** What the machine does, and what comes from check lists, beside the actions of the life cycle. */
const ofCase: Readonly<Record<string, string>> = {
  reopened: '预警恢复，线索重新打开',
  'asked-again': '风险加重或原核查已过期，线索重新打开',
  withdrawn: '预警撤回，线索关闭',
  flagged: '预警已撤回，请复核',
  unflagged: '预警恢复，复核标记取消',
  'severity-changed': '风险等级变化',
  'household-left': '农户台账登记该户迁出或自然减少',
  'household-back': '农户台账恢复该户',
  'open-from-check': '排查有风险，转为线索',
  'attach-from-check': '排查有风险，并入在办',
};

/** Of one alert: said after its name. */
const ofAlert: Readonly<Record<string, string>> = {
  opened: '生成线索',
  'alert-attached': '并入本线索',
  'alert-joined': '列入排查，随本线索一并核查',
  'alert-withdrawn': '撤回',
  'alert-raised-again': '恢复',
  'alert-left': '另行处理，不再随本线索',
};

/** `alertName`: 地震预警; of an action of an alert. */
export function stepLabel(action: string, alertName = '预警'): string {
  const alert = ofAlert[action];
  if (alert !== undefined) return `${alertName}${alert}`;
  const named = findCaseAction(action);
  return ofCase[action] ?? (named === undefined ? action : caseActions[named].label);
}
