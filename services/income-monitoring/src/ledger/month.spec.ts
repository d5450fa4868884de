import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { findMonth, firstDay, lastDay, monthOfDay, monthText } from './month.js';

describe('months', () => {
  it('reads a month and writes it the same way', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2000, max: 2100 }), fc.integer({ min: 1, max: 12 }), (year, month) => {
        const text = `${year}-${String(month).padStart(2, '0')}`;
        expect(monthText(findMonth(text) as number)).toBe(text);
      }),
    );
  });

  it.each(['2026-13', '2026-00', '2026-1', '26-01', '2026-01-01', '', 202601, null])('refuses %p', (text) => {
    expect(findMonth(text)).toBeUndefined();
  });

  it('knows the last day of February in leap years', () => {
    expect(lastDay(monthOfDay('2024-02-10'))).toBe('2024-02-29');
    expect(lastDay(monthOfDay('2026-02-10'))).toBe('2026-02-28');
    expect(firstDay(monthOfDay('2026-12-31'))).toBe('2026-12-01');
    expect(lastDay(monthOfDay('2026-12-31'))).toBe('2026-12-31');
  });
});
