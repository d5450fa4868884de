import { DomainError } from '@fangpin/domain-kit';
import { checkItemStates, type CheckItemState } from './check-item-states.js';

/** The item has its result already, or its alert was withdrawn; 409 before the body is looked at. */
export class CheckItemClosed extends DomainError {
  constructor(state: CheckItemState) {
    super('CHECK_ITEM.CLOSED', 'conflict', `the item is ${state}`, {
      state,
      reasons: [{ code: 'CHECK_ITEM.STATE', text: `该户状态为“${checkItemStates[state].label}”，不再登记排查结果` }],
    });
  }
}

export interface ClosedItem {
  readonly id: string;
  readonly state: CheckItemState;
}

/** Items that the same visit was to answer are closed with another result; names each. Nothing is recorded. */
export class OtherItemsClosed extends DomainError {
  constructor(items: readonly ClosedItem[]) {
    super('CHECK_ITEM.CLOSED', 'conflict', `items are closed already: ${items.map(({ id }) => id).join(', ')}`, {
      items,
      reasons: items.map(({ id, state }) => ({
        code: 'CHECK_ITEM.STATE',
        text: `排查项 ${id} 状态为“${checkItemStates[state].label}”，不能由本次入户一并登记`,
      })),
    });
  }
}

/** The household has an open case in a place that the caller does not see: it has moved, and the risk belongs to that case. */
export class CaseOpenElsewhere extends DomainError {
  constructor(householdId: number) {
    super('CHECK_ITEM.CASE_ELSEWHERE', 'conflict', `household ${householdId} has an open case in another area`, {
      householdId,
      reasons: [{ code: 'CHECK_ITEM.CASE_ELSEWHERE', text: '该户在其他辖区有在办个案，请与当地联系并入，不另立线索' }],
    });
  }
}
