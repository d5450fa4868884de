import { describe, expect, it } from '@jest/globals';
import { ActionNotAllowed, allowedActions, nextState, type Lifecycle } from './index.js';

type State = 'clue' | 'verifying' | 'dismissed';
type Action = 'start' | 'dismiss' | 'return';

const table = {
  clue: { start: 'verifying', dismiss: 'dismissed' },
  verifying: { return: 'clue', dismiss: 'dismissed' },
  dismissed: {},
} as const satisfies Lifecycle<State, Action>;
const lifecycle: Lifecycle<State, Action> = table;

describe('a life cycle', () => {
  const states: State[] = ['clue', 'verifying', 'dismissed'];
  const actions: Action[] = ['start', 'dismiss', 'return'];

  it.each(states.flatMap((state) => actions.map((action) => ({ state, action }))))(
    'lets $state $action as its table says, or refuses with what is allowed',
    ({ state, action }) => {
      const next = lifecycle[state][action];
      if (next !== undefined) return expect(nextState(lifecycle, state, action)).toBe(next);
      expect(() => nextState(lifecycle, state, action)).toThrow(ActionNotAllowed);
      return undefined;
    },
  );

  it('tells the state, the action and the ways out in its refusal', () => {
    let refusal: unknown;
    try {
      nextState(lifecycle, 'verifying', 'start');
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toMatchObject({
      code: 'ACTION.NOT_ALLOWED',
      kind: 'conflict',
      details: { state: 'verifying', action: 'start', allowed: ['return', 'dismiss'] },
    });
  });

  it('lists no action in a final state', () => {
    expect(allowedActions(lifecycle, 'dismissed')).toEqual([]);
  });

  it('does not take the name of an object member for an action', () => {
    for (const action of ['constructor', 'toString', '__proto__', 'hasOwnProperty'])
      expect(() => nextState(lifecycle, 'clue', action as Action)).toThrow(ActionNotAllowed);
  });
});
