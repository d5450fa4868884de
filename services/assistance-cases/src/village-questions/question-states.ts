/** States of the question whether a village was hit (受灾), with stored codes and the word that officers read. */
interface StateEntry {
  readonly code: number;
  readonly label: string;
}

const entry = (code: number, label: string): StateEntry => ({ code, label });

/** Codes are stored: never reuse one. Below 100 the village still owes its answer. */
export const questionStates = {
  open: entry(1, '待答复'),
  hit: entry(101, '受灾'),
  'not-hit': entry(102, '未受灾'),
  withdrawn: entry(103, '不再询问'),
} as const satisfies Record<string, StateEntry>;

export type QuestionState = keyof typeof questionStates;
export const FIRST_SETTLED_CODE = 100;

const byCode = new Map(Object.entries(questionStates).map(([state, { code }]) => [code, state as QuestionState]));

export function questionStateOf(code: number): QuestionState {
  const state = byCode.get(code);
  if (state === undefined) throw new RangeError(`no question state has the code ${code}`);
  return state;
}
