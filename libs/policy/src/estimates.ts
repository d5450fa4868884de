/** What policy values of several kinds share. */

/** Low, middle and high, as loss models carry them through to the verdict. */
export interface Estimate {
  readonly low: number;
  readonly middle: number;
  readonly high: number;
}

/** What a household loses when one of its members loses a job of a branch. */
export interface WageLoss {
  /** Weeks until there is new work. */
  readonly weeksWithoutWork: Estimate;
  /** Wages of one worker, fen a year, where the household's own are not known. */
  readonly wageFenPerYear: Estimate;
}
