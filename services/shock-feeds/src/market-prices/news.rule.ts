/**
 * Followers look at every household again for each revision, so a week's small step is none: a revision comes with another
 * level, lane, first day or reference, with a signal that joins or leaves, and with a price that moved far since the last.
 */
import type { ShockContent } from '../shocks/shock.js';

/** `reviseShare` of policy `price-series`: share of the reference that the price must have moved; none where no policy is. */
export function isNews(before: ShockContent, after: ShockContent, reviseShare = Infinity): boolean {
  const moved = Math.abs((after.price?.latestFenPerKg ?? 0) - (before.price?.latestFenPerKg ?? 0));
  return (
    before.level !== after.level ||
    before.lane !== after.lane ||
    before.price?.fromDay !== after.price?.fromDay ||
    before.price?.referenceFenPerKg !== after.price?.referenceFenPerKg ||
    signalsOf(before) !== signalsOf(after) ||
    moved >= reviseShare * (after.price?.referenceFenPerKg ?? Infinity)
  );
}

function signalsOf({ facts }: ShockContent): string {
  return (facts?.priceSignals ?? []).map(({ measure, level, fromDay }) => `${measure}/${level}/${fromDay}`).join();
}
