import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseRegionCode } from '@fangpin/domain-kit';
import { addWorkingDays, dayKind, deadline, dueAt, isWorkingDay, WorkingCalendar } from './index.js';

const yongren = { region: parseRegionCode('532327') };
const yanshan = { region: parseRegionCode('532622') };
const span = (from: string, days: number) =>
  Array.from({ length: days }, (_, n) => new Date(Date.parse(from) + n * 86_400_000).toISOString().slice(0, 10));

describe('the published calendar', () => {
  it('is off for all eight days of the National Day of 2025, and works the two days in exchange', () => {
    expect(span('2025-10-01', 8).filter((day) => isWorkingDay(day))).toEqual([]);
    expect(['2025-09-28', '2025-10-11'].map((day) => isWorkingDay(day))).toEqual([true, true]);
    expect(['2025-09-27', '2025-10-12'].map((day) => isWorkingDay(day))).toEqual([false, false]);
  });

  it('is off for the nine days of the Spring Festival of 2026, and works the Saturdays around it', () => {
    expect(span('2026-02-15', 9).filter((day) => isWorkingDay(day))).toEqual([]);
    expect(dayKind('2026-02-14')).toEqual({ working: true, name: '春节', assumed: false });
    expect(isWorkingDay('2026-02-28')).toBe(true);
  });

  it('knows ordinary weeks', () => {
    expect(span('2026-07-13', 7).map((day) => isWorkingDay(day))).toEqual([true, true, true, true, true, false, false]);
  });

  it('refuses what is no day', () => {
    for (const day of ['2026-02-30', '2026-7-1', '20260701', '']) expect(() => isWorkingDay(day)).toThrow(RangeError);
  });
});

describe('a year that is not published yet', () => {
  it('keeps the holidays of the law, without make-up days, and says that it is assumed', () => {
    expect(dayKind('2027-01-01')).toEqual({ working: false, name: '元旦', assumed: true });
    expect(span('2027-02-05', 4).map((day) => dayKind(day).name)).toEqual(['春节', '春节', '春节', '春节']);
    expect(['2027-04-05', '2027-06-09', '2027-09-15'].map((day) => dayKind(day).name)).toEqual([
      '清明',
      '端午',
      '中秋',
    ]);
    expect(dayKind('2027-07-01')).toEqual({ working: true, assumed: true });
  });

  it('begins the lunar year on the day that the almanac gives', () => {
    for (const day of ['2027-02-06', '2028-01-26', '2029-02-13', '2030-02-03', '2033-01-31'])
      expect(dayKind(day)).toMatchObject({ working: false, name: '春节' });
  });

  it('marks a deadline that counts into it', () => {
    const start = new Date('2026-12-30T09:00:00+08:00');
    expect(deadline(start, { days: 1, kind: 'working' })).toMatchObject({ day: '2026-12-31', assumed: false });
    expect(deadline(start, { days: 2, kind: 'working' })).toMatchObject({ day: '2027-01-04', assumed: true });
    expect(deadline(start, { days: 15, kind: 'calendar' }).assumed).toBe(false);
  });
});

describe('days of one place', () => {
  it('are off in Chuxiong for the torch festival, and worked elsewhere', () => {
    for (const day of ['2025-07-16', '2025-07-17', '2025-07-18']) {
      expect(dayKind(day, yongren)).toEqual({ working: false, name: '火把节', assumed: false });
      expect(isWorkingDay(day, yanshan)).toBe(true);
      expect(isWorkingDay(day)).toBe(true);
    }
    expect(addWorkingDays('2025-07-15', 2, yongren)).toBe('2025-07-22');
    expect(addWorkingDays('2025-07-15', 2)).toBe('2025-07-17');
  });

  it('of a county come before those of its prefecture', () => {
    const day = { name: '救灾值守', source: 'a spec', days: ['2025-07-17'] };
    const calendar = new WorkingCalendar([
      { ...day, region: parseRegionCode('5323'), working: false },
      { ...day, region: parseRegionCode('532327'), working: true },
    ]);
    expect(calendar.isWorkingDay('2025-07-17', yongren)).toBe(true);
    expect(calendar.isWorkingDay('2025-07-17', { region: parseRegionCode('532301') })).toBe(false);
  });
});

describe('a clock', () => {
  it('counts from the day after receipt to the end of the last day in Beijing', () => {
    // Friday evening: the two working days are Monday and Tuesday.
    const due = dueAt(new Date('2026-07-17T18:04:17+08:00'), { days: 2, kind: 'working' });
    expect(due.toISOString()).toBe('2026-07-21T15:59:59.999Z');
  });

  it('takes the day of receipt in Beijing, not in Greenwich', () => {
    const due = dueAt(new Date('2026-07-17T18:04:17Z'), { days: 3, kind: 'calendar' });
    expect(due.toISOString()).toBe('2026-07-21T15:59:59.999Z');
  });

  it('passes over the Spring Festival, counting the Saturdays worked in exchange', () => {
    expect(addWorkingDays('2026-02-13', 1)).toBe('2026-02-14');
    expect(addWorkingDays('2026-02-13', 2)).toBe('2026-02-24');
    expect(addWorkingDays('2026-02-24', 4)).toBe('2026-02-28');
  });

  it('of calendar days is kept as counted, even onto a day off', () => {
    expect(deadline(new Date('2026-09-30T10:00:00+08:00'), { days: 3, kind: 'calendar' }).day).toBe('2026-10-03');
  });

  it('cannot be counted backwards or in parts of days', () => {
    for (const days of [-1, 1.5, Number.NaN]) expect(() => addWorkingDays('2026-07-17', days)).toThrow(RangeError);
  });
});

describe('whatever the day', () => {
  const days = fc
    .date({ min: new Date('2020-01-01'), max: new Date('2035-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10));
  const lengths = fc.integer({ min: 0, max: 60 });

  it('a clock never ends before it starts, and a longer one never ends earlier', () => {
    fc.assert(
      fc.property(days, lengths, fc.constantFrom('working' as const, 'calendar' as const), (day, n, kind) => {
        const start = new Date(`${day}T12:00:00+08:00`);
        const [due, later] = [n, n + 1].map((length) => dueAt(start, { days: length, kind }).getTime());
        expect(due).toBeGreaterThan(start.getTime());
        expect(later).toBeGreaterThan(due ?? 0);
      }),
    );
  });

  it('a working clock ends on a working day and holds as many working days as it says', () => {
    fc.assert(
      fc.property(days, lengths, (day, n) => {
        const end = addWorkingDays(day, n);
        const passed = span(day, (Date.parse(end) - Date.parse(day)) / 86_400_000 + 1).slice(1);
        expect(passed.filter((each) => isWorkingDay(each))).toHaveLength(n);
        if (n > 0) expect(isWorkingDay(end)).toBe(true);
      }),
    );
  });

  it('working days add up', () => {
    fc.assert(
      fc.property(days, lengths, lengths, (day, a, b) => {
        expect(addWorkingDays(addWorkingDays(day, a), b)).toBe(addWorkingDays(day, a + b));
      }),
    );
  });
});
