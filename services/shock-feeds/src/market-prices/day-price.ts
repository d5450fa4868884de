/**
 * One price a day: where a sheet has several rows for a series and day, the middle one counts (of two, their mean), so that a
 * single slip among them moves nothing. The same row twice is one.
 */
import { clip } from '../intake/clip.js';
import type { PriceRow } from './price-row.js';

export interface DayPrice extends PriceRow {
  /** Differing rows of the sheet for the day. */
  readonly rowsOfDay: number;
}

const STATED_LENGTH = 200;

export function dayPrices(rows: readonly PriceRow[]): DayPrice[] {
  const byDay = new Map<string, PriceRow[]>();
  for (const row of rows) {
    const key = `${row.product}/${row.day}/${row.market}`;
    const same = byDay.get(key);
    if (same === undefined) byDay.set(key, [row]);
    else if (!same.some((other) => other.fenPerTonne === row.fenPerTonne)) same.push(row);
  }
  return [...byDay.values()].map(middleOf);
}

function middleOf(rows: readonly PriceRow[]): DayPrice {
  const sorted = [...rows].sort((a, b) => a.fenPerTonne - b.fenPerTonne);
  const upper = sorted[sorted.length >> 1] as PriceRow;
  const lower = sorted[(sorted.length - 1) >> 1] as PriceRow;
  return {
    ...lower,
    fenPerTonne: Math.round((lower.fenPerTonne + upper.fenPerTonne) / 2),
    priceStated: clip(sorted.map(({ priceStated }) => priceStated).join(' / '), STATED_LENGTH),
    rowsOfDay: rows.length,
  };
}
