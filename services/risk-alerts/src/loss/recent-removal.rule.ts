/** How long a removed risk (风险消除) counts as removed recently, in days that are numbers: they are compared for each household. */
const DAY_MS = 86_400_000;

/** Days since 1970-01-01 of a day, YYYY-MM-DD. */
export function dayNumber(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / DAY_MS;
}

/** YYYY-MM-DD of {@link dayNumber}. */
export function dayOfNumber(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/**
 * The first day whose months have not run out on the day judged (days since 1970). Months end on the same day of the calendar, or on
 * the last of a month that lacks it, and that day still counts: of 2025-02-28 and of 2025-03-01 twelve months, but not of 2025-02-27,
 * reach 2026-02-28.
 */
export function firstRecentDay(judgedOn: string, months: number): number {
  const [year = 0, month = 1, date = 1] = judgedOn.split('-').map(Number);
  const daysThere = new Date(Date.UTC(year, month - months, 0)).getUTCDate();
  // All days of a month that lacks the date run out before it; the next month's first does not.
  return date <= daysThere
    ? Date.UTC(year, month - 1 - months, date) / DAY_MS
    : Date.UTC(year, month - months, 1) / DAY_MS;
}
