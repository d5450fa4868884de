/** How many households of each size: exact totals, with the shape of a given distribution. */
export const MAX_SIZE = 8;

/**
 * Counts of households of 1 … 8 persons that add up to both totals. The shares are tilted exponentially to the wanted mean,
 * which keeps their shape as far as any mean allows. Refuses totals that no such households can have.
 */
export function sizeCounts(households: number, persons: number, shares: readonly number[]): number[] {
  if (!Number.isInteger(households) || !Number.isInteger(persons) || households < 1)
    throw new RangeError('households and persons must be positive whole numbers');
  if (persons < households || persons > households * MAX_SIZE)
    throw new RangeError(`${persons} persons do not fit ${households} households of 1 to ${MAX_SIZE}`);
  const counts = largestRemainders(tiltTo(shares, persons / households), households);
  mend(counts, persons - personsIn(counts));
  return counts;
}

/** Shares of `total` in whole numbers: rounded down, what is left goes to the largest fractions. */
export function largestRemainders(weights: readonly number[], total: number): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  const exact = weights.map((weight) => (total * weight) / sum);
  const counts = exact.map(Math.floor);
  const left = total - counts.reduce((a, b) => a + b, 0);
  const order = exact.map((value, i) => [value - Math.floor(value), i] as const);
  order.sort((a, b) => b[0] - a[0] || a[1] - b[1]);
  for (const [, i] of order.slice(0, left)) counts[i] = (counts[i] ?? 0) + 1;
  return counts;
}

function tiltTo(shares: readonly number[], mean: number): number[] {
  const tilted = (rate: number): number[] => {
    const powers = shares.map((share, i) => share * Math.exp(rate * (i + 1 - mean)));
    const sum = powers.reduce((a, b) => a + b, 0);
    return powers.map((power) => power / sum);
  };
  const meanOf = (weights: readonly number[]): number => weights.reduce((sum, w, i) => sum + w * (i + 1), 0);
  let [low, high] = [-40, 40];
  for (let i = 0; i < 100; i += 1) {
    const middle = (low + high) / 2;
    if (meanOf(tilted(middle)) < mean) low = middle;
    else high = middle;
  }
  return tilted((low + high) / 2);
}

const personsIn = (counts: readonly number[]): number => counts.reduce((sum, count, i) => sum + count * (i + 1), 0);

/** Moves households to a neighbouring size, one at a time from the fullest, until the persons add up. */
function mend(counts: number[], missing: number): void {
  const step = Math.sign(missing);
  for (let left = Math.abs(missing); left > 0; left -= 1) {
    let from = -1;
    for (let i = 0; i < counts.length; i += 1) {
      const to = i + step;
      if (to < 0 || to >= counts.length || counts[i] === 0) continue;
      if (from < 0 || (counts[i] ?? 0) > (counts[from] ?? 0)) from = i;
    }
    counts[from] = (counts[from] ?? 0) - 1;
    counts[from + step] = (counts[from + step] ?? 0) + 1;
  }
}
