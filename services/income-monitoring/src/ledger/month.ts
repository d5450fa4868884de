/**
 * Calendar months as whole numbers (months since the year 0), so that spans and windows are plain arithmetic here and in
 * SQL. `2026-11` is 24,322.
 */
declare const monthBrand: unique symbol;
export type Month = number & { readonly [monthBrand]: true };

const PATTERN = /^(\d{4})-(0[1-9]|1[0-2])$/;

/** Reads `YYYY-MM`; undefined for any other text. */
export function findMonth(text: unknown): Month | undefined {
  const parts = typeof text === 'string' ? PATTERN.exec(text) : null;
  return parts ? ((Number(parts[1]) * 12 + Number(parts[2]) - 1) as Month) : undefined;
}

/** The month that a day `YYYY-MM-DD` lies in. */
export function monthOfDay(day: string): Month {
  const month = findMonth(day.slice(0, 7));
  if (month === undefined) throw new RangeError(`${day} is no day`);
  return month;
}

export function plusMonths(month: Month, count: number): Month {
  return (month + count) as Month;
}

/** `YYYY-MM`. */
export function monthText(month: number): string {
  return `${String(Math.floor(month / 12)).padStart(4, '0')}-${String((month % 12) + 1).padStart(2, '0')}`;
}

export function firstDay(month: number): string {
  return `${monthText(month)}-01`;
}

export function lastDay(month: number): string {
  const next = Date.parse(`${firstDay(month + 1)}T00:00:00Z`);
  return new Date(next - 86_400_000).toISOString().slice(0, 10);
}
