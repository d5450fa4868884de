import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { effectOf, entryKindNames, type EntryKind } from './entry-kinds.js';
import { findFigure, netOf, sumInWindow, type LedgerEntry } from './figure.rule.js';
import { findMonth, type Month } from './month.js';
import { windowOfDay } from './window.rule.js';

const month = (text: string): Month => findMonth(text) as Month;
const entry = (kind: EntryKind, from: string, to: string, yuan: number): LedgerEntry => ({
  kind,
  from: month(from),
  to: month(to),
  amountFen: yuan * 100,
});
const window = windowOfDay('2026-11-22');
const aYear = (kind: EntryKind, yuan: number): LedgerEntry => entry(kind, '2025-11', '2026-10', yuan);

const entries: fc.Arbitrary<LedgerEntry[]> = fc.array(
  fc
    .record({
      kind: fc.constantFrom(...entryKindNames),
      from: fc.integer({ min: window.from - 30, max: window.to + 5 }).map((m) => m as Month),
      to: fc.constant(window.to),
      amountFen: fc.integer({ min: 0, max: 100_000_000 }),
    })
    .map((e) => ({ ...e, to: Math.max(e.from, e.to) as Month })),
  { maxLength: 20 },
);

describe('the figure of a household', () => {
  it('is the four incomes less production costs by head', () => {
    const ledger = [
      aYear('wage', 20_000),
      aYear('business', 12_000),
      aYear('property', 800),
      aYear('transfer', 3_200),
      aYear('cost', 4_000),
    ];
    expect(findFigure(ledger, 4, window)?.perCapitaFen).toBe(800_000);
  });

  it.each(['insurance-payout', 'out-of-pocket', 'fixed-purpose-grant', 'temporary-help'] as const)(
    'leaves %s apart from the figure and keeps its sum',
    (kind) => {
      const figure = findFigure([aYear('wage', 12_000), aYear(kind, 50_000)], 2, window);
      expect(figure?.perCapitaFen).toBe(600_000);
      expect(figure?.sums[kind]).toBe(5_000_000);
    },
  );

  it('takes only the months inside the window', () => {
    const figure = findFigure([entry('wage', '2025-05', '2026-04', 12_000)], 1, window);
    expect(figure?.perCapitaFen).toBe(600_000);
    expect(figure?.monthsCovered).toBe(6);
  });

  it('goes below zero where costs exceed income', () => {
    expect(findFigure([aYear('business', 1_000), aYear('cost', 3_000)], 2, window)?.perCapitaFen).toBe(-100_000);
  });

  it('is not known where no income meets the window, whatever else does', () => {
    expect(findFigure([entry('wage', '2024-01', '2024-12', 9_000), aYear('cost', 100)], 3, window)).toBeUndefined();
    expect(findFigure([], 3, window)).toBeUndefined();
    expect(findFigure([aYear('wage', 9_000)], 0, window)).toBeUndefined();
  });

  it('is within half a fen of the exact quotient and never takes what stands apart', () => {
    fc.assert(
      fc.property(entries, fc.integer({ min: 1, max: 12 }), (ledger, persons) => {
        const counted = ledger.filter((e) => effectOf(e.kind) !== 0);
        const net = netOf(sumInWindow(counted, window));
        const figure = findFigure(ledger, persons, window);
        if (figure === undefined) return;
        expect(Math.abs(figure.perCapitaFen * persons - net) * 2).toBeLessThanOrEqual(persons);
        expect(Number.isSafeInteger(figure.perCapitaFen)).toBe(true);
      }),
    );
  });

  it('does not depend on the order of entries', () => {
    fc.assert(
      fc.property(entries, (ledger) => {
        expect(findFigure([...ledger].reverse(), 3, window)).toEqual(findFigure(ledger, 3, window));
      }),
    );
  });
});
