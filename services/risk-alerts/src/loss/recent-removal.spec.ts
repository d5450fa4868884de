import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { alertReasons } from '@fangpin/contracts';
import { loadPolicy, PolicySet } from '@fangpin/policy';
import { growers, hailing, MAIZE, PLACE, TOWNSHIP } from '../../test/support/losses.js';
import { factsJudged, removedDay, type AssessedHousehold } from './household.js';
import { compileLossModel } from './loss-model.js';
import { dayNumber, dayOfNumber, firstRecentDay } from './recent-removal.rule.js';

const policy = loadPolicy();
const REMOVED: number = alertReasons.recentlyRemoved.bit;
const first = (judgedOn: string, months: number): string => dayOfNumber(firstRecentDay(judgedOn, months));

describe('the first day on which a removal is still recent', () => {
  it('is the same day of the calendar so many months before', () => {
    expect(first('2026-07-18', 12)).toBe('2025-07-18');
    expect(first('2026-01-15', 2)).toBe('2025-11-15');
    expect(first('2026-07-18', 0)).toBe('2026-07-18');
  });

  it('knows leap days: what began on the last of a short month ends there, and not before', () => {
    expect(first('2025-02-28', 12)).toBe('2024-02-28');
    expect(first('2025-03-01', 12)).toBe('2024-03-01');
    // Twelve months from the leap day end on 28 February.
    expect(first('2024-02-29', 12)).toBe('2023-03-01');
    expect(first('2028-02-29', 48)).toBe('2024-02-29');
    expect(first('2026-03-31', 1)).toBe('2026-03-01');
  });

  it('is the first of all days whose months have not run out', () => {
    const monthsAfter = (day: number, months: number): number => {
      const at = new Date(`${dayOfNumber(day)}T00:00:00Z`);
      const [year, month] = [at.getUTCFullYear(), at.getUTCMonth() + months];
      const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
      return Date.UTC(year, month, Math.min(at.getUTCDate(), last)) / 86_400_000;
    };
    const from = dayNumber('2020-01-01');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 0, max: 60 }), (days, months) => {
        const judged = from + days;
        const recent = firstRecentDay(dayOfNumber(judged), months);
        expect(monthsAfter(recent, months)).toBeGreaterThanOrEqual(judged);
        expect(monthsAfter(recent - 1, months)).toBeLessThan(judged);
      }),
    );
  });
});

describe('a household whose risk was removed', () => {
  const household = (removedOn: string | null, facts = REMOVED): AssessedHousehold =>
    growers({
      perCapitaFen: 1_100_000,
      facts,
      removedDay: removedOn === null ? null : dayNumber(removedOn),
      livelihoods: [{ product: MAIZE, quantity: 1_000, place: PLACE }],
    });
  const judged = (who: AssessedHousehold, judgedOn = '2026-07-18', under: PolicySet = policy) => {
    const verdict = compileLossModel(hailing({ judgedOn }), [], under, TOWNSHIP).assess(who);
    if (verdict === undefined) throw new Error('loses nothing');
    return { severity: verdict.severity, recent: (verdict.reasons & REMOVED) !== 0 };
  };
  const plain = judged(household(null, 0)).severity;
  const lifted = { severity: plain + 1, recent: true };

  it('is looked at one level earlier for twelve months, the last day included', () => {
    expect(judged(household('2026-07-17'))).toEqual(lifted);
    expect(judged(household('2025-07-18'))).toEqual(lifted);
    expect(judged(household('2025-07-17'))).toEqual({ severity: plain, recent: false });
    expect(judged(household('2021-05-20'))).toEqual({ severity: plain, recent: false });
  });

  it('counts as it did where nobody has said when, and where it was at risk still on the day judged', () => {
    expect(judged(household(null))).toEqual(lifted);
    const { removedDay: _, ...unsaid } = household(null);
    expect(judged(unsaid)).toEqual(lifted);
    expect(judged(household('2026-08-01'))).toEqual(lifted);
  });

  it('keeps what else makes it weak', () => {
    const noLabour = alertReasons.noLabour.bit;
    expect(judged(household('2021-05-20', REMOVED | noLabour)).severity).toBe(plain + 1);
    expect(factsJudged(household('2021-05-20', REMOVED | noLabour), () => dayNumber('2025-07-18'))).toBe(noLabour);
  });

  it('is judged under a policy version that sets no months as it was then', () => {
    const before = new PolicySet(
      'before',
      policy.records.filter(({ key }) => key !== 'recent-removal'),
    );
    expect(judged(household('2021-05-20'), '2026-07-18', before)).toEqual(lifted);
  });

  it('has the day of its status for the day of the removal, others have none', () => {
    expect(removedDay({ monitoring: 3 }, 20_000)).toBe(20_000);
    expect([1, 2].map((monitoring) => removedDay({ monitoring }, 20_000))).toEqual([null, null]);
  });
});
