/** When a source is asked next. Chance is an argument, so that the rule is a rule. */
import { ExponentialBackoff, noJitterGenerator, type IBackoff } from 'cockatiel';

const FIRST_RETRY_SECONDS = 30;
const LONGEST_RETRY_SECONDS = 3_600;
/** How long a source that failed again and again is left alone before it is probed. */
export const BREAK_SECONDS = 900;
/** Share of an interval by which it swings, so that sources and instances drift apart. */
const SWING = 0.1;

const retries = new ExponentialBackoff({
  initialDelay: FIRST_RETRY_SECONDS,
  maxDelay: LONGEST_RETRY_SECONDS,
  generator: noJitterGenerator,
});

/** Seconds to the next round after a good one; `chance` from 0 to 1. */
export function secondsAfterSuccess(everySeconds: number, chance: number): number {
  return everySeconds * (1 - SWING + 2 * SWING * chance);
}

export interface FailedRound {
  /** Rounds in a row that failed, this one among them. */
  readonly failures: number;
  readonly circuitOpen: boolean;
  /** What the other side asked for. */
  readonly retryAfterSeconds: number;
}

/** Seconds to the next round after a bad one: doubled each time, half of it by chance, never sooner than was asked for. */
export function secondsAfterFailure({ failures, circuitOpen, retryAfterSeconds }: FailedRound, chance: number): number {
  const whole = retryOf(failures).duration;
  const least = Math.max(retryAfterSeconds, circuitOpen ? BREAK_SECONDS : 0);
  return Math.max(whole / 2 + (whole / 2) * chance, least);
}

function retryOf(failures: number): IBackoff<unknown> {
  let backoff = retries.next();
  // Beyond this the longest is reached for good.
  for (let i = 1; i < Math.min(failures, 16); i += 1) backoff = backoff.next(undefined);
  return backoff;
}
