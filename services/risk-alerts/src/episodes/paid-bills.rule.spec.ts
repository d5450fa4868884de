import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { countedBills, type FoundBill } from './paid-bills.rule.js';

const FATHER = 7;
const MOTHER = 8;
let origin = 0;
const spending = (
  person: number,
  since: string,
  until: string,
  paidFen: number,
  kind = 'medical-spending',
): FoundBill => ({
  origin: (origin += 1),
  found: { kind, person, since, until, cumulative: true, paidFen, ofIncome: false },
});
const event = (person: number, day: string, paidFen: number, kind = 'accident'): FoundBill => ({
  origin: (origin += 1),
  found: { kind, person, since: day, until: day, cumulative: false, paidFen, ofIncome: true },
});
const total = (...bills: FoundBill[]): number => {
  const counted = countedBills(bills);
  return bills.reduce((sum, bill) => sum + (counted.has(bill.origin) ? bill.found.paidFen : 0), 0);
};

describe('bills that departments have found', () => {
  it('count once, however many offices push the same one, and for each patient', () => {
    const insurance = spending(FATHER, '2026-01-01', '2026-06-30', 2_500_000);
    const health = spending(FATHER, '2026-01-01', '2026-07-05', 2_400_000);
    expect(total(insurance, health)).toBe(2_500_000);
    expect(total(insurance, health, spending(MOTHER, '2026-01-01', '2026-06-30', 2_000_000))).toBe(4_500_000);
    expect(total(insurance, spending(FATHER, '2026-01-01', '2026-06-30', 900_000, 'tuition'))).toBe(3_400_000);
  });

  it('of one office grow from period to period, and those of a year stand beside the income of a year', () => {
    const lastYear = spending(FATHER, '2025-01-01', '2025-12-31', 3_000_000);
    const thisYear = spending(FATHER, '2026-01-01', '2026-06-30', 2_000_000);
    expect(total(lastYear, thisYear)).toBe(3_000_000);
    expect(total(spending(FATHER, '2024-01-01', '2025-06-30', 3_000_000), thisYear)).toBe(3_000_000);
    expect(total(spending(FATHER, '2025-07-01', '2025-12-31', 1_000_000), thisYear)).toBe(3_000_000);
  });

  it('of an accident are in the sum of the health insurance that goes on after it', () => {
    const police = event(FATHER, '2026-03-10', 8_000_000);
    const relief = event(FATHER, '2026-03-14', 6_000_000);
    expect(total(police, relief, spending(FATHER, '2026-01-01', '2026-06-30', 9_000_000))).toBe(9_000_000);
    expect(total(police, spending(FATHER, '2026-01-01', '2026-02-28', 500_000))).toBe(8_500_000);
    expect(total(police, event(FATHER, '2026-03-10', 100_000, 'crime'))).toBe(8_100_000);
    expect(total(police, event(MOTHER, '2026-03-10', 8_000_000))).toBe(16_000_000);
  });

  it('of whom nobody says may be anybody’s', () => {
    const household = spending(0, '2026-01-01', '2026-06-30', 4_000_000);
    const father = spending(FATHER, '2026-01-01', '2026-06-30', 2_500_000);
    const mother = spending(MOTHER, '2026-01-01', '2026-06-30', 2_000_000);
    expect(total(household, father)).toBe(4_000_000);
    expect(total(household, father, mother)).toBe(4_500_000);
  });

  const bill = fc
    .record({
      person: fc.constantFrom(0, FATHER, MOTHER),
      month: fc.integer({ min: 1, max: 24 }),
      months: fc.integer({ min: 0, max: 14 }),
      paidFen: fc.integer({ min: 0, max: 100 }),
      kind: fc.constantFrom('medical-spending', 'accident', 'tuition', 'crime', 'water'),
    })
    .map(({ person, month, months, paidFen, kind }): FoundBill => {
      const day = (n: number, date: string): string =>
        `${2024 + Math.floor(n / 12)}-${String((n % 12) + 1).padStart(2, '0')}-${date}`;
      if (kind === 'medical-spending' || kind === 'tuition')
        return spending(person, day(month, '01'), day(month + months, '28'), paidFen, kind);
      return event(person, day(month, '15'), paidFen, kind);
    });

  it('are no less for one more, never more than their sum, and the same in whatever order', () => {
    fc.assert(
      fc.property(fc.array(bill, { maxLength: 8 }), bill, (bills, more) => {
        const all = total(...bills);
        expect(total(...bills, more)).toBeGreaterThanOrEqual(all);
        expect(all).toBeLessThanOrEqual(bills.reduce((sum, { found }) => sum + found.paidFen, 0));
        expect(total(...bills.toReversed())).toBe(all);
        for (const one of bills) if (one.found.kind !== 'water') expect(all).toBeGreaterThanOrEqual(one.found.paidFen);
      }),
    );
  });
});
