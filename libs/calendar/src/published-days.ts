/**
 * The State Council's yearly arrangement of holidays and make-up days (调休), as `chinese-days` carries it.
 *
 * Only the package's table is read: its own `isWorkday` takes the weekday in the process's time zone, so that west of
 * Greenwich Monday is a day off.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

interface Table {
  readonly holidays: Readonly<Record<string, string>>;
  readonly workdays: Readonly<Record<string, string>>;
}

const file = createRequire(import.meta.url).resolve('chinese-days/dist/chinese-days.json');
const { holidays, workdays } = JSON.parse(readFileSync(file, 'utf8')) as Table;
const years = new Set(Object.keys(holidays).map((day) => day.slice(0, 4)));

export interface PublishedDay {
  readonly working: boolean;
  readonly name: string;
}

/** Whether an arrangement of the year is known at all. */
export function isPublishedYear(day: string): boolean {
  return years.has(day.slice(0, 4));
}

/** What the arrangement says of the day; `undefined` for an ordinary weekday or weekend. */
export function publishedDay(day: string): PublishedDay | undefined {
  const entry = workdays[day] ?? holidays[day];
  // Entries read `National Day,国庆节,3`.
  return entry === undefined ? undefined : { working: workdays[day] !== undefined, name: entry.split(',')[1] ?? entry };
}
