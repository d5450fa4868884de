import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { monthsAfter } from '@fangpin/domain-kit';
import { countDifference, noDifference, sumOfDifferences } from './difference.js';
import { count, noFigures, sumOfFigures, triageOf, type Figures, type Outcome } from './figures.js';
import { HouseholdGroups, householdTypes, typeOf } from './household-type.js';
import { Tallies } from './tallies.js';

const outcome: fc.Arbitrary<Outcome | undefined> = fc.option(
  fc
    .record({
      severity: fc.integer({ min: 1, max: 4 }),
      middle: fc.integer({ min: 1, max: 1e7 }),
      withheld: fc.option(fc.constantFrom('immaterial', 'below-alert-level'), { nil: undefined }),
      caseFrom: fc.integer({ min: 1, max: 5 }),
    })
    .map(({ severity, middle, withheld, caseFrom }) => {
      const loss = { low: middle - 1, middle, high: middle + 1 };
      const verdict = { loss, projectedFen: null, severity, reasons: 0, ...(withheld ? { withheld } : {}) } as const;
      return { verdict, triage: triageOf(verdict, caseFrom) };
    }),
  { nil: undefined },
);
const judged = fc.array(
  fc.record({
    township: fc.constantFrom(532_327_101, 532_327_102, 532_327_103),
    type: fc.constantFrom(...householdTypes),
    before: outcome,
    after: outcome,
  }),
);

describe('figures of a simulation', () => {
  it('add up whatever the households are: by triage, by severity, by type and by township', () => {
    fc.assert(
      fc.property(judged, (households) => {
        const tallies = new Tallies();
        for (const { township, type, before, after } of households)
          tallies.add(township * 1_000_000, type, before, after);
        const { before, after, differs } = tallies.total();
        for (const figures of [before, after]) {
          const { cases, checkItems, nothing } = figures.triage;
          expect(figures.exposed).toBe(figures.alerted + figures.withheld);
          expect([cases + checkItems, nothing]).toEqual([figures.alerted, figures.withheld]);
          expect(Object.values(figures.severities).reduce((a, b) => a + b, 0)).toBe(figures.alerted);
          const types = Object.values(figures.householdTypes);
          expect(types.reduce((sum, { exposed }) => sum + exposed, 0)).toBe(figures.exposed);
          expect(types.reduce((sum, type) => sum + type.cases + type.checkItems, 0)).toBe(figures.alerted);
        }
        expect(after.alerted - before.alerted).toBe(differs.newlyAlerted - differs.noLongerAlerted);
        expect(after.triage.cases - before.triage.cases).toBe(differs.newCases - differs.noLongerCases);
        const named = differs.newlyAlerted + differs.noLongerAlerted + differs.moreSevere + differs.lessSevere;
        expect(named).toBeLessThanOrEqual(differs.households);
      }),
    );
  });

  it('compare nobody whom one policy alone can judge, and count them apart', () => {
    fc.assert(
      fc.property(outcome, (known) => {
        const differs = noDifference();
        countDifference(differs, 'unjudged', known);
        if (typeof known === 'object') countDifference(differs, known, { ...known, inPart: true });
        expect(differs).toEqual(noDifference());
      }),
    );
    const figures = noFigures();
    count(figures, 'unjudged', 'ordinary');
    expect(figures).toEqual({ ...noFigures(), unjudged: 1 });
    // Runs that were stored before know nothing of it.
    const { unjudged: _, ...before } = noFigures();
    expect(sumOfFigures([before as Figures, figures]).unjudged).toBe(1);
  });

  it('of parts, added, are those of the whole', () => {
    fc.assert(
      fc.property(judged, judged, (a, b) => {
        const counted = (households: typeof a) => {
          const figures = noFigures();
          const differs = noDifference();
          for (const { type, before, after } of households) {
            if (after !== undefined) count(figures, after, type);
            countDifference(differs, before, after);
          }
          return { figures, differs };
        };
        const whole = counted([...a, ...b]);
        expect(sumOfFigures([counted(a).figures, counted(b).figures])).toEqual(whole.figures);
        expect(sumOfDifferences([counted(a).differs, counted(b).differs])).toEqual(whole.differs);
      }),
    );
  });

  it('differ nowhere where both policies say the same', () => {
    fc.assert(
      fc.property(outcome, (same) => {
        const differs = noDifference();
        countDifference(differs, same, same);
        expect(differs).toEqual(noDifference());
      }),
    );
  });
});

describe('the type of a household', () => {
  it('is what it is watched as before where it came from', () => {
    expect(typeOf(32, 2)).toBe('monitored');
    expect(typeOf(64, 1)).toBe('removed');
    expect([typeOf(8, 2), typeOf(0, 1), typeOf(0, 0)]).toEqual(['lifted-out', 'ordinary', 'unknown']);
  });

  it('is found in the order of households, and unknown where its row is missing', () => {
    const groups = new HouseholdGroups();
    for (const [id, group] of [
      [2, 1],
      [5, 2],
      [9, 1],
    ] as const)
      groups.add(id, group);
    expect([1, 2, 4, 5, 5, 10].map((id) => groups.of(id))).toEqual([0, 1, 0, 2, 2, 0]);
  });
});

it('months are counted by the calendar', () => {
  expect(monthsAfter('2026-07-18', -12)).toBe('2025-07-18');
  expect(monthsAfter('2026-03-31', -1)).toBe('2026-02-28');
  expect(monthsAfter('2026-01-15', -2)).toBe('2025-11-15');
});
