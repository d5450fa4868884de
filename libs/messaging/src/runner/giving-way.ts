/** Keeps bulk work out of the way of live work in the same process, and lets it go on now and then all the same. */
import { rest } from '../backoff.js';

export interface GivingWay {
  /** The live work has been idle for so long before the bulk work goes on: between two fetches it is idle for a moment. */
  readonly quietMs: number;
  /** After so long the bulk work does one batch although the live work goes on: it may be slow, but must come to an end. */
  readonly mostMs: number;
  /** How often it looks. */
  readonly everyMs: number;
}

const DEFAULTS: GivingWay = { quietMs: 50, mostMs: 2_000, everyMs: 10 };

/** For `giveWay` of a {@link ConsumerRunner}: waits while `live` has something in hand, at most `mostMs`. */
export function givingWay(
  live: { idleMs(): number },
  times: Partial<GivingWay> = {},
): (signal: AbortSignal) => Promise<void> {
  const { quietMs, mostMs, everyMs } = { ...DEFAULTS, ...times };
  return async (signal) => {
    const since = performance.now();
    while (live.idleMs() < quietMs && performance.now() - since < mostMs && !signal.aborted)
      await rest(everyMs, signal);
  };
}
