/**
 * A state machine as a table that an officer could read aloud: state → action → next state. One function applies it; a
 * refused move throws with the state, the action and what is allowed.
 */
import { DomainError } from './domain-error.js';

export type Lifecycle<S extends string, A extends string> = Readonly<Record<S, Readonly<Partial<Record<A, S>>>>>;

export class ActionNotAllowed extends DomainError {
  constructor(state: string, action: string, allowed: readonly string[], code = 'ACTION.NOT_ALLOWED') {
    super(code, 'conflict', `${action} is not allowed in state ${state}`, { state, action, allowed });
  }
}

export function allowedActions<S extends string, A extends string>(table: Lifecycle<S, A>, state: S): A[] {
  return Object.keys(table[state]) as A[];
}

export function nextState<S extends string, A extends string>(table: Lifecycle<S, A>, state: S, action: A): S {
  // An action may come from a path: `constructor` is no action, though every object answers to it.
  const next = Object.hasOwn(table[state], action) ? table[state][action] : undefined;
  if (next === undefined) throw new ActionNotAllowed(state, action, allowedActions(table, state));
  return next;
}
