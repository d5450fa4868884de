/** States of an item on a village's check list (排查清单), with stored codes and the word that officers read. */
interface StateEntry {
  readonly code: number;
  readonly label: string;
}

const entry = (code: number, label: string): StateEntry => ({ code, label });

/** Codes are stored: never reuse one. Below 100 the item still asks for a visit. */
export const checkItemStates = {
  listed: entry(1, '待排查'),
  unreachable: entry(2, '未联系上'),
  'no-risk': entry(101, '已排查无风险'),
  risk: entry(102, '有风险转线索'),
  dropped: entry(103, '预警撤回'),
  // By the register: nobody has looked (docs/adr/0075).
  'moved-out': entry(104, '已迁出'),
  'household-dissolved': entry(105, '自然减少'),
} as const satisfies Record<string, StateEntry>;

export type CheckItemState = keyof typeof checkItemStates;
export type CheckResult = 'no-risk' | 'risk' | 'unreachable';

const byCode = new Map(Object.entries(checkItemStates).map(([state, { code }]) => [code, state as CheckItemState]));

export function checkItemStateOf(code: number): CheckItemState {
  const state = byCode.get(code);
  if (state === undefined) throw new RangeError(`no check item state has the code ${code}`);
  return state;
}

/** An open item has a code below this. */
export const FIRST_CLOSED_CODE = 100;

/** Whether an item with this code still asks for a visit. */
export const isOpenItem = (code: number): boolean => code < FIRST_CLOSED_CODE;
