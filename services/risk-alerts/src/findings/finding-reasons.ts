/** Why a finding waits or raises no alert: stable codes with the words that officers read. */
import type { WithheldReason } from '../loss/household.js';

export type WaitingReason = 'household-unknown' | 'household-left' | 'no-policy';
/** `no-line`: alerted by a need that no income takes away, without a line to compare the income with. */
export type FindingReason = WithheldReason | 'below-threshold' | WaitingReason | 'no-line';

const TEXTS: Readonly<Record<FindingReason, string>> = {
  immaterial: '影响占监测线的比例很小，未达到当地标准',
  'income-well-above-line': '扣除影响后收入仍明显高于监测线',
  'below-alert-level': '风险程度未到提示的级别',
  'below-threshold': '未达到当地提示标准',
  'no-policy': '所在地当日没有可用的标准，县里补充后自动研判',
  'no-line': '所在地当日还没有定监测线，先按不看收入的困难提示，定了以后自动再研判',
  'household-unknown': '登记中还没有这户，登记后自动研判',
  'household-left': '这户已迁出或销户，迁回后自动研判',
};

export interface ReasonGiven {
  readonly code: FindingReason;
  readonly text: string;
}

export function reasonGiven(code: FindingReason): ReasonGiven {
  return { code, text: TEXTS[code] };
}
