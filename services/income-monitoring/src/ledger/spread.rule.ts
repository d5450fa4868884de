/**
 * How an amount entered for the months `from..to` lies on them: evenly, each month the difference of two rounded running
 * totals. The parts differ by at most one fen and always add up to the amount; a reversal (the negative amount) cancels
 * its entry month by month. `month_share` in the migrations is the same arithmetic.
 */
import type { Month } from './month.js';
import type { Window } from './window.rule.js';

export interface Spread {
  readonly from: Month;
  readonly to: Month;
  /** Fen; negative only in a reversal. */
  readonly amountFen: number;
}

/** Longest span of one entry: with {@link MAX_AMOUNT_FEN} every product below stays a safe integer. */
export const MAX_SPAN_MONTHS = 120;
/** Ten billion yuan. */
export const MAX_AMOUNT_FEN = 1_000_000_000_000;

/** The part of the amount that falls into the window, fen; 0 where they do not meet. */
export function shareInWindow({ from, to, amountFen }: Spread, window: Window): number {
  const first = Math.max(from, window.from);
  const last = Math.min(to, window.to);
  if (first > last) return 0;
  const months = to - from + 1;
  return runningTotal(amountFen, last - from + 1, months) - runningTotal(amountFen, first - from, months);
}

/** Part of the amount in its first `passed` of `months` months, towards zero. Exact: no quotient is rounded twice. */
function runningTotal(amountFen: number, passed: number, months: number): number {
  const product = amountFen * passed;
  return (product - (product % months)) / months;
}
