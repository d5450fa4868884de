import { describe, expect, it } from '@jest/globals';
import { monthsAfter, toBeijingTime, type RegionCode } from '@fangpin/domain-kit';
import { loadPolicy } from '@fangpin/policy';
import { DueDates } from './due-dates.js';

const yongren = '532327101' as RegionCode;
const due = (clock: 'first-visit' | 'check-item' | 'identification', from: string): string =>
  toBeijingTime(new Date(new DueDates(loadPolicy()).dueMs(clock, yongren, Date.parse(from))));

describe('a clock', () => {
  it('of a first visit passes over the weekend', () => {
    expect(due('first-visit', '2026-07-17T18:04:17+08:00')).toBe('2026-07-21T23:59:59+08:00');
  });

  it('of a first visit passes over the Spring Festival and counts the Saturday worked for it', () => {
    expect(due('first-visit', '2026-02-13T10:00:00+08:00')).toBe('2026-02-24T23:59:59+08:00');
  });

  it('of a check and of the identification counts every day', () => {
    expect(due('check-item', '2026-07-17T18:04:17+08:00')).toBe('2026-07-20T23:59:59+08:00');
    expect(due('identification', '2026-07-17T18:04:17+08:00')).toBe('2026-08-01T23:59:59+08:00');
  });

  it('starts on the day of Beijing, and is the same for every moment of it', () => {
    const dates = new DueDates(loadPolicy());
    const moments = ['2026-07-19T16:00:00Z', '2026-07-20T01:00:00Z', '2026-07-20T15:59:59Z'].map(Date.parse);
    expect(new Set(moments.map((moment) => dates.dueMs('first-visit', yongren, moment))).size).toBe(1);
  });
});

describe('months after a day', () => {
  it('end on the last day where the month is shorter', () => {
    expect(monthsAfter('2026-07-20', 3)).toBe('2026-10-20');
    expect(monthsAfter('2026-11-30', 3)).toBe('2027-02-28');
    expect(monthsAfter('2026-01-31', 0)).toBe('2026-01-31');
    expect(monthsAfter('2026-12-31', 12)).toBe('2027-12-31');
  });
});
