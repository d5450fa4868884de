/** A check item whose household is back; its alert stands. */
import { regionOfDuty } from '@fangpin/domain-kit';

export interface ReturnedItem extends Record<string, unknown> {
  readonly origin: number;
  readonly household_id: number;
  readonly duty_code: number;
  readonly alert_revision: number;
  readonly severity: number;
  readonly persons: number;
  readonly shock_id: string;
  /** The household has an open case, with which the item goes. */
  readonly has_case: boolean;
}

export const townshipOf = (row: { readonly duty_code: number }) => regionOfDuty(row.duty_code, 'township');

/** In the history of a case that is a clue again. */
export const ASKED_AGAIN_REASON = '农户台账已恢复该户，预警仍有效，线索重新打开';
