import { describe, expect, it } from '@jest/globals';
import { planFindings } from './kills-findings-plan.ts';

const NOW = new Date('2026-11-22T10:00:00+08:00');
const households = Array.from({ length: 2_000 }, (_, i) => 7 * i + 3);
const plan = (round: number, of = households) => planFindings({ seed: 7, round, way: 1 }, of, NOW);
const named = ({ singles, sheet }: ReturnType<typeof plan>): number[] =>
  [...singles, ...sheet.rows].map(({ householdId }) => householdId);

describe('the findings of a round of the bench that kills', () => {
  it('are drawn again alike from the same seed, number and households', () => {
    expect(plan(42)).toEqual(plan(42));
    expect(named(plan(41))).not.toEqual(named(plan(42)));
  });

  it('name each household once, alone or on the sheet', () => {
    const ids = named(plan(1));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => households.includes(id))).toBe(true);
  });

  it('are of a period of their own, before the day of the finding', () => {
    const periods = Array.from({ length: 103 }, (_, i) => plan(i - 3));
    expect(new Set(periods.map(({ since }) => since)).size).toBe(periods.length);
    expect(periods.every(({ since, occurredOn }) => since < occurredOn && occurredOn <= '2026-11-21')).toBe(true);
    // Older than a year, amounts are refused.
    expect(periods.every(({ since }) => since >= '2025-11-22')).toBe(true);
  });

  it('leave half of a small county alone', () => {
    expect(named(plan(1, households.slice(0, 100)))).toHaveLength(50);
  });

  it('grow, are taken back, and come as sheets that are taken back as a whole', () => {
    const rounds = Array.from({ length: 20 }, (_, i) => plan(i + 1));
    const said = new Set(rounds.flatMap(({ singles }) => singles.map(({ then }) => then?.what)));
    expect(said).toEqual(new Set(['grown', 'withdrawn', undefined]));
    expect(new Set(rounds.map(({ sheet }) => sheet.withdrawnAfter === undefined))).toEqual(new Set([true, false]));
  });
});
