import { describe, expect, it } from '@jest/globals';
import { ratioAt, spansUntil } from './income.ts';
import { lastFullMonth } from './last-full-month.ts';

describe('income spans', () => {
  it('are the years 2020 and 2021, and the two years up to the month told', () => {
    expect(spansUntil('2026-10').map(({ from, to, months }) => [from, to, months])).toEqual([
      ['2020-01', '2021-12', 24],
      ['2024-11', '2026-10', 24],
    ]);
  });

  it('grow with the years', () => {
    const [early, late] = spansUntil('2026-10');
    expect(early?.meanYuan).toBeCloseTo(10_118 * 1.065 ** 0.5, 5);
    expect(late?.meanYuan).toBeGreaterThan(13_500);
  });
});

describe('income by rank', () => {
  it('never falls from a poorer household to a richer one', () => {
    const ratios = Array.from({ length: 101 }, (_, i) => ratioAt(i / 100));
    expect(ratios).toEqual([...ratios].sort((a, b) => a - b));
  });
});

describe('the last full month', () => {
  it('is told by the calendar in China, across midnight and new year', () => {
    expect(lastFullMonth(new Date('2026-11-22T06:00:00Z'))).toBe('2026-10');
    expect(lastFullMonth(new Date('2026-10-31T15:59:59Z'))).toBe('2026-09');
    expect(lastFullMonth(new Date('2026-10-31T16:00:00Z'))).toBe('2026-10');
    expect(lastFullMonth(new Date('2026-12-31T17:00:00Z'))).toBe('2026-12');
  });
});
