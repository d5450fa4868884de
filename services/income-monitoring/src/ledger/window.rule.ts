/**
 * The rolling window of the figure (rulebook §2.4): twelve months, from the first day of the same month last year to the
 * last day of the month before the assessment. Assessed in June 2021: 2020-06-01 to 2021-05-31.
 */
import { monthOfDay, plusMonths, type Month } from './month.js';

export interface Window {
  readonly from: Month;
  /** Inclusive. */
  readonly to: Month;
}

/** The window of an assessment made in a month. */
export function windowOfMonth(month: Month): Window {
  return { from: plusMonths(month, -12), to: plusMonths(month, -1) };
}

/** The window of an assessment made on a day `YYYY-MM-DD`. */
export function windowOfDay(day: string): Window {
  return windowOfMonth(monthOfDay(day));
}
