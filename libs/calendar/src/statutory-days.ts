/**
 * The holidays of the law (全国年节及纪念日放假办法, as revised for 2025: thirteen days), for years whose arrangement is not
 * published yet. Which weekends are worked in exchange nobody can know before, so a day read from here is assumed.
 *
 * Dates of the lunar calendar and of 清明 stand in a table (2027–2040, from the lunar tables of `chinese-days`): the
 * runtime's own Chinese calendar begins 2027 a day late, and the package converts in the process's time zone.
 */
import { readFileSync } from 'node:fs';

interface LunarHolidays {
  readonly springFestival: string;
  readonly qingming: string;
  readonly dragonBoat: string;
  readonly midAutumn: string;
}

const MS_A_DAY = 86_400_000;
const FIXED: Readonly<Record<string, string>> = {
  '01-01': '元旦',
  '05-01': '劳动节',
  '05-02': '劳动节',
  '10-01': '国庆节',
  '10-02': '国庆节',
  '10-03': '国庆节',
};
const file = new URL('../data/lunar-holidays.json', import.meta.url);
const lunar = new Map<string, string>(
  Object.values(JSON.parse(readFileSync(file, 'utf8')) as Record<string, LunarHolidays>).flatMap((year) => [
    // New Year's Eve (除夕) and the first three days of the first month.
    ...[-1, 0, 1, 2].map((n): [string, string] => [shift(year.springFestival, n), '春节']),
    [year.qingming, '清明'],
    [year.dragonBoat, '端午'],
    [year.midAutumn, '中秋'],
  ]),
);

/** Name of the holiday that the day is by law, `undefined` for other days. */
export function statutoryHoliday(day: string): string | undefined {
  return lunar.get(day) ?? FIXED[day.slice(5)];
}

function shift(day: string, n: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + n * MS_A_DAY).toISOString().slice(0, 10);
}
