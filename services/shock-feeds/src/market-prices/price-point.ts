/** A price of a day, and days as numbers. */

export interface PricePoint {
  /** YYYY-MM-DD. */
  readonly day: string;
  /** Fen per kilogram, with thousandths: a price by the tonne is finer than a fen. */
  readonly fenPerKg: number;
}

/** A point with its day counted from 1970. */
export interface NumberedPrice extends PricePoint {
  readonly number: number;
}

export const DAYS_A_WEEK = 7;
const DAY_MS = 86_400_000;

export function dayNumber(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / DAY_MS;
}

export function dayOf(number: number): string {
  return new Date(number * DAY_MS).toISOString().slice(0, 10);
}

/** The points in the order of time, numbered. */
export function inOrder(points: readonly PricePoint[]): NumberedPrice[] {
  return [...points]
    .sort((a, b) => (a.day < b.day ? -1 : 1))
    .map((point) => ({ ...point, number: dayNumber(point.day) }));
}

const HABIT_SPACINGS = 8;

/**
 * The usual days between two prices as known at each entry: the median of the last spacings before it, 0 where there are none.
 * A sheet by the month has no gaps from month to month.
 */
export function habitsOf(series: readonly { readonly number: number }[]): number[] {
  const spacings = series.map(({ number }, i) => number - (series[i - 1]?.number ?? number));
  return series.map((_, i) => {
    const before = spacings.slice(Math.max(1, i - HABIT_SPACINGS), i).sort((a, b) => a - b);
    return before[before.length >> 1] ?? 0;
  });
}

/** Position of the first entry on or after a day, by bisection. */
export function firstFrom(series: readonly { readonly number: number }[], day: number): number {
  let low = 0;
  let high = series.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((series[middle]?.number ?? 0) < day) low = middle + 1;
    else high = middle;
  }
  return low;
}
