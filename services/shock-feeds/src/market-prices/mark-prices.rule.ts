/**
 * What a series of prices shows before any rule judges it (policy key `price-series`): gaps, and prices that stand so far
 * from their neighbours that a slip is likelier than a market (a decimal point, a unit). Such a price is kept and marked; it
 * counts once the next price confirms it. Pure: the series decides, not the order in which its rows came.
 */
import type { PriceSeriesRule } from '@fangpin/policy';
import { habitsOf, inOrder, type NumberedPrice, type PricePoint } from './price-point.js';
import { boundsOf } from './spells.rule.js';

export type PriceMark =
  | { readonly day: string; readonly mark: 'outlier'; readonly fenPerKg: number; readonly medianFenPerKg: number }
  | { readonly day: string; readonly mark: 'gap'; readonly days: number };

export interface MarkedPrices {
  /** The prices that count, in the order of time. */
  readonly kept: readonly PricePoint[];
  readonly marks: readonly PriceMark[];
}

/** `points` in any order, one a day; on days without policy nothing is marked. */
export function markPrices(
  points: readonly PricePoint[],
  ruleOn: (day: string) => PriceSeriesRule | undefined,
): MarkedPrices {
  const series = inOrder(points);
  const habits = habitsOf(series);
  const kept: NumberedPrice[] = [];
  const marks: PriceMark[] = [];
  series.forEach((point, i) => {
    const rule = ruleOn(point.day);
    if (rule === undefined) return void kept.push(point);
    const days = point.number - (series[i - 1]?.number ?? point.number);
    if (days > boundsOf(rule, habits[i] ?? 0).maxGapDays) marks.push({ day: point.day, mark: 'gap', days });
    const near = neighbours(series, kept, i, rule.outlierNeighbours);
    const median = medianOf(near);
    // In a slide the median lags behind: who stands by the price before is no outlier.
    const strange =
      median !== undefined &&
      isFar(point.fenPerKg, median, rule) &&
      isFar(point.fenPerKg, near.at(-1) ?? median, rule) &&
      !isConfirmed(point, series[i + 1], median, rule);
    if (!strange) return void kept.push(point);
    marks.push({ day: point.day, mark: 'outlier', fenPerKg: point.fenPerKg, medianFenPerKg: median });
  });
  return { kept, marks };
}

/** The prices before that count, the nearest last; for the first of a series the prices after it. */
function neighbours(
  series: readonly NumberedPrice[],
  kept: readonly NumberedPrice[],
  i: number,
  count: number,
): number[] {
  const near = kept.length > 0 ? kept.slice(-count) : series.slice(i + 1, i + 1 + count).reverse();
  return near.map(({ fenPerKg }) => fenPerKg);
}

function isFar(price: number, from: number, rule: PriceSeriesRule): boolean {
  return price > from * rule.outlierFactor || price * rule.outlierFactor < from;
}

/** The next price stands by this one, and nearer to it than to what was before. */
function isConfirmed(point: PricePoint, next: PricePoint | undefined, median: number, rule: PriceSeriesRule): boolean {
  if (next === undefined || isFar(next.fenPerKg, point.fenPerKg, rule)) return false;
  return apart(next.fenPerKg, point.fenPerKg) < apart(next.fenPerKg, median);
}

function apart(a: number, b: number): number {
  return Math.max(a, b) / Math.min(a, b);
}

function medianOf(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}
