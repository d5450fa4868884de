import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { triageOf, type Judged, type Outcome } from './figures.js';
import { both, MergedCauses } from './merge-causes.js';

const judged: fc.Arbitrary<Judged> = fc
  .record({
    severity: fc.integer({ min: 0, max: 4 }),
    middle: fc.integer({ min: 1, max: 1e9 }),
    withheld: fc.option(fc.constantFrom('immaterial', 'below-alert-level'), { nil: undefined }),
  })
  .map(({ severity, middle, withheld }) => {
    const loss = { low: middle - 1, middle, high: middle + 1 };
    const verdict = { loss, projectedFen: null, severity, reasons: 0, ...(withheld ? { withheld } : {}) } as const;
    return { verdict, triage: triageOf(verdict, 3) };
  });
const outcome: fc.Arbitrary<Outcome> = fc.oneof(judged, fc.constant('unjudged' as const));
const cause = fc.uniqueArray(
  fc.record({ id: fc.integer({ min: 1, max: 30 }), outcome: fc.option(outcome, { nil: undefined }) }),
  { selector: ({ id }) => id },
);

describe('a shock of several causes', () => {
  it('is counted by household, each once, with what all its causes are to it', () => {
    fc.assert(
      fc.property(fc.array(cause, { minLength: 1, maxLength: 4 }), (causes) => {
        const merged = new MergedCauses(1);
        const wanted = new Map<number, Outcome | undefined>();
        for (const households of causes) {
          for (const one of households.toSorted((a, b) => a.id - b.id)) {
            merged.add(one.id, one.id * 1_000_000, 'ordinary', [one.outcome]);
            wanted.set(one.id, both(wanted.get(one.id), one.outcome));
          }
          merged.endCause();
        }
        const found: [number, Outcome | undefined][] = [];
        merged.each((dutyCode, _, [outcome]) => found.push([dutyCode / 1_000_000, outcome]));
        expect(found).toEqual([...wanted].sort(([a], [b]) => a - b));
      }),
    );
  });

  it('alerts whom any cause alerts, as gravely as the gravest, and adds the losses', () => {
    fc.assert(
      fc.property(judged, judged, (a, b) => {
        const together = both(a, b) as Judged;
        const alerts = [a, b].filter(({ triage }) => triage !== 'nothing');
        expect(together?.verdict.loss.middle).toBe(a.verdict.loss.middle + b.verdict.loss.middle);
        expect(together?.verdict.withheld === undefined).toBe(alerts.length > 0);
        if (alerts.length > 0)
          expect(together?.verdict.severity).toBe(Math.max(...alerts.map(({ verdict }) => verdict.severity)));
        expect(together?.triage).toBe((both(b, a) as Judged).triage);
      }),
    );
  });

  it('tells what could be judged of it, and that the rest could not', () => {
    fc.assert(
      fc.property(judged, (known) => {
        for (const together of [both(known, 'unjudged'), both('unjudged', known)])
          expect(together).toEqual({ ...known, inPart: true });
        expect(both(both(known, 'unjudged'), known)).toMatchObject({ inPart: true });
      }),
    );
    expect([both('unjudged', 'unjudged'), both(undefined, 'unjudged')]).toEqual(['unjudged', 'unjudged']);
  });
});
