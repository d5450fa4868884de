import { describe, expect, it } from '@jest/globals';
import { firstDay, lastDay } from './month.js';
import { windowOfDay } from './window.rule.js';

const daysOf = (day: string): string[] => {
  const { from, to } = windowOfDay(day);
  return [firstDay(from), lastDay(to)];
};

describe('the window of an assessment', () => {
  it('runs from the same month last year to the end of last month: the example of the rule', () => {
    expect(daysOf('2021-06-15')).toEqual(['2020-06-01', '2021-05-31']);
  });

  it('is the same on the first and on the last day of a month', () => {
    expect(daysOf('2026-03-01')).toEqual(['2025-03-01', '2026-02-28']);
    expect(daysOf('2026-03-31')).toEqual(daysOf('2026-03-01'));
  });

  it('turns with the year', () => {
    expect(daysOf('2027-01-01')).toEqual(['2026-01-01', '2026-12-31']);
  });
});
