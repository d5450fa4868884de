/** Deciding what a change makes of a household: a pure function of household, change and time. */
import { isDeepStrictEqual } from 'node:util';
import { ActionNotAllowed, allowedActions, nextRevision, nextState } from '@fangpin/domain-kit';
import type { HouseholdState } from './codes.js';
import { HouseholdNotActive } from './household.errors.js';
import { householdLifecycle, type Household, type HouseholdAction, type HouseholdFacts } from './household.js';

export type HouseholdPatch = Partial<HouseholdFacts> & { readonly state?: HouseholdState };

/** The word that history keeps for a changed fact. */
const changeWords: Readonly<Record<keyof HouseholdFacts, string>> = {
  dutyCode: 'moved',
  group: 'group',
  monitoring: 'monitoring',
  dwelling: 'dwelling',
  onlyDwelling: 'dwelling',
  waterScheme: 'water',
  originCode: 'origin',
  members: 'members',
  livelihoods: 'livelihoods',
};

const pastTense: Readonly<Record<HouseholdAction, string>> = {
  leave: 'left',
  return: 'returned',
  dissolve: 'dissolved',
};

export interface AppliedChange {
  readonly household: Household;
  /** Empty when the household is already as asked: nothing is stored and nothing said then. */
  readonly change: readonly string[];
}

/**
 * Applies a change under the service's epoch. Refuses a move of state that the life cycle does not know, and every edit of a
 * household that is not active (unless the same change brings it back).
 */
export function applyChange(household: Household, patch: HouseholdPatch, epoch: number, at: Date): AppliedChange {
  const { state: wanted = household.state, ...facts } = patch;
  const action = wanted === household.state ? undefined : actionTo(household.state, wanted);
  const state = action === undefined ? household.state : nextState(householdLifecycle, household.state, action);
  const changed = (Object.keys(facts) as (keyof HouseholdFacts)[]).filter(
    (key) => facts[key] !== undefined && !isDeepStrictEqual(facts[key], household[key]),
  );
  if (changed.length > 0 && state !== 'active') throw new HouseholdNotActive(state);
  const change = [
    ...new Set([...(action === undefined ? [] : [pastTense[action]]), ...changed.map((k) => changeWords[k])]),
  ];
  if (change.length === 0) return { household, change };
  const edits = Object.fromEntries(changed.map((key) => [key, facts[key]]));
  const revision = nextRevision(epoch, household.revision);
  return { household: { ...household, ...edits, state, revision, updatedAt: at }, change };
}

function actionTo(from: HouseholdState, to: HouseholdState): HouseholdAction {
  const actions = allowedActions(householdLifecycle, from) as HouseholdAction[];
  const table: Readonly<Partial<Record<HouseholdAction, HouseholdState>>> = householdLifecycle[from];
  const action = actions.find((candidate) => table[candidate] === to);
  if (action === undefined) throw new ActionNotAllowed(from, `become ${to}`, actions, 'HOUSEHOLD.ACTION_NOT_ALLOWED');
  return action;
}
