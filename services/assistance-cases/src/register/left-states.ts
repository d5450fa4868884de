/** How a household has left, by the register: its codes and the words that stand for it. */
import { HouseholdState } from '@fangpin/contracts';
import { caseStates } from '../cases/case-states.js';
import { checkItemStates } from '../check-items/check-item-states.js';

/** As cases and check items end by it (architecture §7). */
export const leavings = ['moved-out', 'household-dissolved'] as const;
export type Leaving = (typeof leavings)[number];

/** `left_households.state` of a household that is there. */
export const THERE: number = HouseholdState.ACTIVE;

interface LeavingEntry {
  /** As `left_households.state` and `cases.household_left` keep it: HouseholdState of registry/v1/household.proto. */
  readonly code: number;
  readonly caseCode: number;
  readonly itemCode: number;
  readonly label: string;
}

export const leavingEntries: Readonly<Record<Leaving, LeavingEntry>> = {
  'moved-out': {
    code: HouseholdState.MOVED_OUT,
    caseCode: caseStates['moved-out'].code,
    itemCode: checkItemStates['moved-out'].code,
    label: '迁出',
  },
  'household-dissolved': {
    code: HouseholdState.DISSOLVED,
    caseCode: caseStates['household-dissolved'].code,
    itemCode: checkItemStates['household-dissolved'].code,
    label: '自然减少',
  },
};

/** Of a stored code; undefined for a household that is there. */
export function leavingOf(code: number | null | undefined): Leaving | undefined {
  return leavings.find((leaving) => leavingEntries[leaving].code === code);
}

/** Codes of cases that have ended so, by the register or by people. */
export const LEFT_CASE_CODES: readonly number[] = leavings.map((leaving) => leavingEntries[leaving].caseCode);

/** Codes of check items that have ended so. */
export const LEFT_ITEM_CODES: readonly number[] = leavings.map((leaving) => leavingEntries[leaving].itemCode);

/** Of the state of a check item; undefined where it has not ended so. */
export function leavingOfItem(code: number): Leaving | undefined {
  return leavings.find((leaving) => leavingEntries[leaving].itemCode === code);
}

/** Above any severity: that a household has left answers whatever its alerts say (ChecksFound.answered_up_to). */
export const ANSWERED_BY_LEAVING = 5;
