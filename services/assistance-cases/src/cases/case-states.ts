/** States of a case (architecture §7) with the code that the table keeps and the word that officers read. */

/** An open case has a code below this; a household has at most one (index cases_one_open_case). */
export const FIRST_ENDED_CODE = 100;

interface StateEntry {
  readonly code: number;
  readonly label: string;
}

const entry = (code: number, label: string): StateEntry => ({ code, label });

/** Codes are stored: never reuse one. */
export const caseStates = {
  clue: entry(1, '线索'),
  verifying: entry(2, '入户核实'),
  comparing: entry(3, '信息比对'),
  reviewing: entry(4, '民主评议'),
  publicised: entry(5, '村内公示'),
  'township-review': entry(6, '乡镇审核'),
  'county-approval': entry(7, '县级审定'),
  announced: entry(8, '公告'),
  registered: entry(9, '系统标注'),
  monitored: entry(10, '监测中'),
  planned: entry(11, '帮扶计划已定'),
  assisted: entry(12, '帮扶中'),
  'removal-verifying': entry(13, '风险消除核实'),
  'removal-review': entry(14, '风险消除评议'),
  'removal-publicised': entry(15, '风险消除公示'),
  'removal-township': entry(16, '风险消除乡镇审核'),
  'removal-county': entry(17, '风险消除县级审定'),
  removed: entry(101, '风险消除'),
  tracked: entry(102, '消除后跟踪'),
  dismissed: entry(103, '已排除'),
  declined: entry(104, '农户放弃'),
  'corrected-out': entry(105, '纠错退出'),
  'household-dissolved': entry(106, '自然减少'),
  'ended-naturally': entry(107, '自然消除'),
  'moved-out': entry(108, '迁出'),
  withdrawn: entry(109, '预警撤回'),
} as const satisfies Record<string, StateEntry>;

export type CaseState = keyof typeof caseStates;

const byCode = new Map(Object.entries(caseStates).map(([state, { code }]) => [code, state as CaseState]));

export function caseStateOf(code: number): CaseState {
  const state = byCode.get(code);
  if (state === undefined) throw new RangeError(`no case state has the code ${code}`);
  return state;
}

export const isOpen = (state: CaseState): boolean => caseStates[state].code < FIRST_ENDED_CODE;
