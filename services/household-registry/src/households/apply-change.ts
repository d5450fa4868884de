/** Deciding what a change makes of a household: a pure function of household, change and time. */
import { isDeepStrictEqual } from 'node:util';
import {
  ActionNotAllowed,
  allowedActions,
  InvalidFields,
  nextRevision,
  nextState,
  shanghaiDay,
} from '@fangpin/domain-kit';
import type { HouseholdState } from './codes.js';
import { HouseholdNotActive } from './household.errors.js';
import { householdLifecycle, type Household, type HouseholdAction, type HouseholdFacts } from './household.js';

export type HouseholdPatch = Partial<HouseholdFacts> & { readonly state?: HouseholdState };

/** The word that history keeps for a changed fact. */
const changeWords: Readonly<Record<keyof HouseholdFacts, string>> = {
  dutyCode: 'moved',
  group: 'group',
  monitoring: 'monitoring',
  monitoringSince: 'monitoring',
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
 *
 * A new monitoring status holds from the day that is told with it, else from the day of the change; one that began before the status
 * it ends is refused. What repeats the status leaves the day, unless it tells another one: that corrects it.
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
  const edits: Partial<HouseholdFacts> = Object.fromEntries(changed.map((key) => [key, facts[key]]));
  const since = changed.includes('monitoring') ? { monitoringSince: newSince(household, facts, at) } : {};
  const revision = nextRevision(epoch, household.revision);
  return { household: { ...household, ...edits, ...since, state, revision, updatedAt: at }, change };
}

function newSince(household: Household, { monitoringSince: told }: Partial<HouseholdFacts>, at: Date): string {
  const { monitoring, monitoringSince: before } = household;
  const since = told ?? shanghaiDay(at);
  if (before === undefined || since >= before) return since;
  const rule = `must not be before ${before}, since when the household has been ${monitoring}`;
  throw new InvalidFields([{ field: 'monitoringSince', value: since, rule }]);
}

function actionTo(from: HouseholdState, to: HouseholdState): HouseholdAction {
  const actions = allowedActions(householdLifecycle, from) as HouseholdAction[];
  const table: Readonly<Partial<Record<HouseholdAction, HouseholdState>>> = householdLifecycle[from];
  const action = actions.find((candidate) => table[candidate] === to);
  if (action === undefined) throw new ActionNotAllowed(from, `become ${to}`, actions, 'HOUSEHOLD.ACTION_NOT_ALLOWED');
  return action;
}
