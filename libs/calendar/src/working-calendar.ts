/** Working days and deadlines in China: pure functions of day, place and the published arrangements. */
import { ancestorsOf, COUNTRY, shanghaiDay, type RegionCode } from '@fangpin/domain-kit';
import { knownLocalDays, type LocalDays } from './local-days.js';
import { isPublishedYear, publishedDay } from './published-days.js';
import { statutoryHoliday } from './statutory-days.js';

const MS_A_DAY = 86_400_000;

export interface ClockLength {
  readonly days: number;
  readonly kind: 'working' | 'calendar';
}

export interface PlaceOptions {
  /** Where the work is done; the whole country where left out. */
  readonly region?: RegionCode;
}

export interface DayKind {
  readonly working: boolean;
  /** Name of the holiday, also on the days worked in exchange for it. */
  readonly name?: string;
  /** The year's arrangement is not published: weekends and the holidays of the law, without make-up days. */
  readonly assumed: boolean;
}

export interface Deadline {
  /** Last moment of the last day, 23:59:59.999 Beijing time. */
  readonly at: Date;
  readonly day: string;
  /** A day was counted that is only assumed; to be counted again once its year is published. */
  readonly assumed: boolean;
}

export class WorkingCalendar {
  private readonly local = new Map<string, LocalDays>();

  constructor(localDays: readonly LocalDays[] = knownLocalDays) {
    for (const decision of localDays)
      for (const day of decision.days) this.local.set(`${decision.region}/${day}`, decision);
  }

  /** What a day (`YYYY-MM-DD`) is in a place: the decision of the nearest place first, then the country's. */
  dayKind(day: string, { region = COUNTRY }: PlaceOptions = {}): DayKind {
    const weekday = weekdayOf(day);
    for (const area of [region, ...ancestorsOf(region)]) {
      const decision = this.local.get(`${area}/${day}`);
      if (decision !== undefined) return { working: decision.working, name: decision.name, assumed: false };
    }
    const weekend = weekday === 0 || weekday === 6;
    if (isPublishedYear(day)) return { working: !weekend, ...publishedDay(day), assumed: false };
    const name = statutoryHoliday(day);
    return { working: !weekend && name === undefined, ...(name === undefined ? {} : { name }), assumed: true };
  }

  isWorkingDay(day: string, place?: PlaceOptions): boolean {
    return this.dayKind(day, place).working;
  }

  /** The n-th working day after the day, which itself is never counted; the day itself for 0. Refuses a negative n. */
  addWorkingDays(day: string, n: number, place?: PlaceOptions): string {
    return this.count(day, { days: n, kind: 'working' }, place).day;
  }

  /**
   * When a clock that starts at a moment runs out: counting begins on the day after receipt (Asia/Shanghai), and the
   * last day counts to its end. A calendar clock is kept as counted, even where it ends on a day off.
   */
  deadline(start: Date, clock: ClockLength, place?: PlaceOptions): Deadline {
    const { day, assumed } = this.count(shanghaiDay(start), clock, place);
    return { day, assumed, at: new Date(`${day}T23:59:59.999+08:00`) };
  }

  /** As {@link deadline}, the moment alone. */
  dueAt(start: Date, clock: ClockLength, place?: PlaceOptions): Date {
    return this.deadline(start, clock, place).at;
  }

  private count(from: string, { days, kind }: ClockLength, place?: PlaceOptions): { day: string; assumed: boolean } {
    if (!Number.isInteger(days) || days < 0) throw new RangeError(`a clock of ${days} days cannot be counted`);
    weekdayOf(from);
    if (kind === 'calendar') return { day: addDays(from, days), assumed: false };
    let day = from;
    let assumed = false;
    for (let left = days; left > 0;) {
      day = addDays(day, 1);
      const known = this.dayKind(day, place);
      assumed ||= known.assumed;
      if (known.working) left -= 1;
    }
    return { day, assumed };
  }
}

/** 0 Sunday … 6 Saturday; refuses what is no day of the calendar. */
function weekdayOf(day: string): number {
  const at = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== day)
    throw new RangeError(`${day} is not a day of the form YYYY-MM-DD`);
  return at.getUTCDay();
}

function addDays(day: string, n: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + n * MS_A_DAY).toISOString().slice(0, 10);
}

const calendar = new WorkingCalendar();

/** {@link WorkingCalendar} with the local days of this build. */
export const dayKind = calendar.dayKind.bind(calendar);
export const isWorkingDay = calendar.isWorkingDay.bind(calendar);
export const addWorkingDays = calendar.addWorkingDays.bind(calendar);
export const deadline = calendar.deadline.bind(calendar);
export const dueAt = calendar.dueAt.bind(calendar);
