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
