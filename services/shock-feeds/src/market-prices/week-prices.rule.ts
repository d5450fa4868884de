/**
 * Prices as rules see them: at each day the mean of the week that ends with it, so that five to seven prices a week and one
 * price a week are judged alike, and one bad day is a seventh of a week.
 */
import { DAYS_A_WEEK, firstFrom, habitsOf, inOrder, type NumberedPrice, type PricePoint } from './price-point.js';

export interface WeekPrice extends NumberedPrice {
  /** The usual days between two prices. */
  readonly habit: number;
}

/** One entry a price, in the order of time. */
export function weekPrices(points: readonly PricePoint[]): WeekPrice[] {
  const series = inOrder(points);
  const sums = sumsOf(series.map(({ fenPerKg }) => fenPerKg));
  const habits = habitsOf(series);
  return series.map((point, i) => {
    const first = firstFrom(series, point.number - DAYS_A_WEEK + 1);
    const fenPerKg = first === i ? point.fenPerKg : (sumTo(sums, i + 1) - sumTo(sums, first)) / (i + 1 - first);
    return { ...point, fenPerKg, habit: habits[i] ?? 0 };
  });
}

export interface TrailingMean {
  readonly fenPerKg: number;
  /** Weeks of prices within the window; a price stands for the days since the one before it, at most for a week. */
  readonly weeks: number;
  /** Weeks from the oldest price of the window to the day asked for. */
  readonly reach: number;
}

/** The mean of the prices in the weeks before an entry's own week, each weighed by the days that it stands for. */
export function trailingMeans(
  points: readonly PricePoint[],
): (i: number, windowWeeks: number) => TrailingMean | undefined {
  const series = inOrder(points);
  const weights = series.map(({ number }, i) => Math.min(DAYS_A_WEEK, number - (series[i - 1]?.number ?? -Infinity)));
  const weighed = sumsOf(series.map(({ fenPerKg }, i) => fenPerKg * (weights[i] as number)));
  const days = sumsOf(weights);
  return (i, windowWeeks) => {
    const today = series[i]?.number ?? 0;
    const first = firstFrom(series, today - windowWeeks * DAYS_A_WEEK);
    const end = firstFrom(series, today - DAYS_A_WEEK + 1);
    const covered = sumTo(days, end) - sumTo(days, first);
    const oldest = series[first];
    if (oldest === undefined || first >= end) return undefined;
    return {
      fenPerKg: (sumTo(weighed, end) - sumTo(weighed, first)) / covered,
      weeks: covered / DAYS_A_WEEK,
      reach: (today - oldest.number) / DAYS_A_WEEK,
    };
  };
}

function sumsOf(values: readonly number[]): number[] {
  const sums = [0];
  for (const value of values) sums.push((sums.at(-1) as number) + value);
  return sums;
}

function sumTo(sums: readonly number[], count: number): number {
  return sums[count] ?? 0;
}
