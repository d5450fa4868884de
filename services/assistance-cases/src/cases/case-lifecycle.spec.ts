import { describe, expect, it } from '@jest/globals';
import { ActionNotAllowed, nextState } from '@fangpin/domain-kit';
import { roles, type Role } from '@fangpin/service-kit';
import { allCaseActions, caseActions } from './case-actions.js';
import { actionsFor, reasonsAgainst } from './case-guards.js';
import { lifecycle } from './case-lifecycle.js';
import type { Leaving } from '../register/left-states.js';
import { caseStateOf, caseStates, isOpen, type CaseState } from './case-states.js';

const states = Object.keys(caseStates) as CaseState[];

/** As an officer would read it aloud; a change of procedure changes this list too. */
const procedure = [
  'clue → verifying, comparing, dismissed, withdrawn, household-dissolved, moved-out',
  'verifying → comparing, reviewing, dismissed, declined, household-dissolved, moved-out',
  'comparing → verifying, reviewing, dismissed, declined, household-dissolved, moved-out',
  'reviewing → publicised, verifying, declined, household-dissolved, moved-out',
  'publicised → township-review, verifying, household-dissolved, moved-out',
  'township-review → county-approval, verifying, household-dissolved, moved-out',
  'county-approval → announced, verifying, household-dissolved, moved-out',
  'announced → registered, household-dissolved, moved-out',
  'registered → monitored, household-dissolved, moved-out, corrected-out, ended-naturally',
  'monitored → planned, household-dissolved, moved-out, corrected-out, ended-naturally',
  'planned → assisted, household-dissolved, moved-out, corrected-out, ended-naturally',
  'assisted → removal-verifying, planned, household-dissolved, moved-out, corrected-out, ended-naturally',
  'removal-verifying → removal-review, assisted, household-dissolved, moved-out, corrected-out, ended-naturally',
  'removal-review → removal-publicised, assisted, household-dissolved, moved-out, corrected-out, ended-naturally',
  'removal-publicised → removal-township, assisted, household-dissolved, moved-out, corrected-out, ended-naturally',
  'removal-township → removal-county, assisted, household-dissolved, moved-out, corrected-out, ended-naturally',
  'removal-county → removed, assisted, household-dissolved, moved-out, corrected-out, ended-naturally',
  'removed → tracked, assisted, clue',
  'tracked → assisted, clue',
  'dismissed → clue',
  'declined → clue',
  'corrected-out → clue',
  'household-dissolved → ',
  'ended-naturally → clue',
  'moved-out → ',
  'withdrawn → ',
];

describe('the life of a case', () => {
  it('goes from state to state as the procedure says', () => {
    expect(states.map((state) => `${state} → ${Object.values(lifecycle[state]).join(', ')}`)).toEqual(procedure);
  });

  it('reaches every state from a clue', () => {
    const reached = new Set<CaseState>(['clue']);
    for (const state of reached) for (const next of Object.values(lifecycle[state])) reached.add(next);
    expect([...reached].sort()).toEqual([...states].sort());
  });

  it('uses every action somewhere', () => {
    const used = new Set(states.flatMap((state) => Object.keys(lifecycle[state])));
    expect([...used].sort()).toEqual([...allCaseActions].sort());
  });

  it.each(states)('%s: every action moves on or is refused by name', (state) => {
    for (const action of allCaseActions) {
      const to = lifecycle[state][action];
      if (to === undefined) expect(() => nextState(lifecycle, state, action)).toThrow(ActionNotAllowed);
      else expect(nextState(lifecycle, state, action)).toBe(to);
    }
  });

  it('keeps stored codes apart, and open ones below those that have ended', () => {
    const codes = states.map((state) => caseStates[state].code);
    expect(new Set(codes).size).toBe(codes.length);
    for (const state of states) expect(caseStateOf(caseStates[state].code)).toBe(state);
    expect(states.filter((state) => !isOpen(state))).toEqual(states.slice(17));
    expect(() => caseStateOf(99)).toThrow(RangeError);
  });
});

describe('what is allowed', () => {
  it.each(roles)('to %s, and what is not, make up all actions in every state, with reasons', (role) => {
    for (const state of states) {
      const { allowedActions, refusedActions } = actionsFor(state, role);
      const named = [...allowedActions, ...refusedActions].map(({ action }) => action);
      expect(named.sort()).toEqual([...allCaseActions].sort());
      for (const { reasons } of refusedActions) {
        expect(reasons.length).toBeGreaterThan(0);
        for (const { code, text } of reasons) {
          expect(code).toMatch(/^CASE\.[A-Z_]+$/);
          expect(text).toMatch(/\p{Script=Han}/u);
        }
      }
    }
  });

  const allowed = (state: CaseState, role: Role): string[] =>
    actionsFor(state, role).allowedActions.map(({ action }) => action);

  it('to a caseworker on a clue is to verify, to compare and to dismiss', () => {
    expect(allowed('clue', 'township-caseworker')).toEqual(['start-verification', 'start-comparison', 'dismiss']);
  });

  it('to the village is to verify; comparing and dismissing are for the township', () => {
    expect(allowed('clue', 'village-monitor')).toEqual(['start-verification']);
    expect(reasonsAgainst('dismiss', 'clue', 'village-monitor').map(({ code }) => code)).toEqual(['CASE.ROLE']);
  });

  it('to let go of a household that has left is for the township, once the register says so', () => {
    const ends = ['dissolve-household', 'move-out'];
    const those = (role: Role, left?: Leaving): string[] =>
      actionsFor('verifying', role, left)
        .allowedActions.map(({ action }) => action)
        .filter((action) => ends.includes(action));
    expect(those('township-caseworker')).toEqual([]);
    expect(those('township-caseworker', 'moved-out')).toEqual(['move-out']);
    expect(those('county-officer', 'household-dissolved')).toEqual(['dissolve-household']);
    expect(those('village-monitor', 'moved-out')).toEqual([]);
    expect(reasonsAgainst('move-out', 'verifying', 'county-officer')).toEqual([
      { code: 'CASE.REGISTER', text: '农户台账中该户仍在册，须先在农户台账登记“迁出”，才能“登记迁出”' },
    ]);
    expect(caseActions['move-out'].requires).toEqual(['reason']);
  });

  it('to those who only look is nothing', () => {
    for (const role of ['auditor', 'prefecture-analyst', 'operator'] as const)
      for (const state of states) expect(allowed(state, role)).toEqual([]);
  });

  it('is told with what it requires', () => {
    for (const action of allCaseActions)
      if (!caseActions[action].available) expect(caseActions[action].requires).toEqual([]);
    expect(caseActions.dismiss.requires).toEqual(['reason', 'checkers', 'toldOn']);
  });

  it('never is what the machine does', () => {
    for (const state of states)
      expect(reasonsAgainst('withdraw', state, 'county-officer').map(({ code }) => code)).toContain(
        'CASE.MACHINE_ONLY',
      );
  });

  it('tells of a later step on a clue what must come before', () => {
    expect(reasonsAgainst('start-removal', 'clue', 'county-officer')[0]).toEqual({
      code: 'CASE.STATE',
      text: '当前为线索，须先核实和比对，不能“启动风险消除”',
    });
  });
});
