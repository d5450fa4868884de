import { alertReasons } from '@fangpin/contracts';
import { parseRegionCode } from '@fangpin/domain-kit';
import { loadPolicy } from '@fangpin/policy';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { LossRange } from '../loss/household.js';
import { dayNumber } from '../loss/recent-removal.rule.js';
import { judge } from '../loss/severity.rule.js';
import { severityPolicyOf } from '../loss/severity-policy.js';
import { REMOVAL, SPENDING, WATER } from '../loss/things.js';
import { jointRisk, type StandingAlert } from './joint-risk.rule.js';

const policy = severityPolicyOf({ judgedOn: '2026-07-18' }, loadPolicy(), parseRegionCode('532327101'));
const PLACE = 532_327_101_201_000;
const FACTS = [0, 8, 16, 8 + 32];

interface Home {
  readonly persons: number;
  readonly perCapitaFen: number | null;
  readonly facts: number;
  readonly spentFen: number;
}

const home = fc.record({
  persons: fc.integer({ min: 1, max: 8 }),
  perCapitaFen: fc.oneof(fc.integer({ min: 0, max: 3_000_000 }), fc.constant(null)),
  facts: fc.constantFrom(...FACTS),
  spentFen: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 5_000_000 })),
});
const lossRange = fc
  .tuple(fc.integer({ min: 1, max: 3_000_000 }), fc.integer({ min: 0, max: 2_000_000 }), fc.nat({ max: 2_000_000 }))
  .map(([low, more, most]): LossRange => ({ low, middle: low + more, high: low + more + most }));

/** The alert that the rule of single alerts makes of a loss; product tells the things apart. */
function alertOf(
  { persons, perCapitaFen, facts, spentFen }: Home,
  loss: LossRange,
  n: number,
  bill = false,
): StandingAlert {
  const household = { persons, perCapitaFen, facts, livelihoods: [], spendingFen: spentFen };
  const verdict = judge(household, loss, policy, bill ? 'spending' : 'income');
  return {
    origin: n,
    cause: bill ? 'dwelling' : 'crop-disaster',
    severity: verdict.severity,
    loss,
    perCapitaFen,
    projectedFen: verdict.projectedFen,
    persons,
    reasons: verdict.reasons,
    inputs: [bill ? 412 : n, 100, PLACE, ...(spentFen > 0 ? [SPENDING, spentFen, PLACE] : [])],
    sliceNo: n,
  };
}

describe('all risks of a household together', () => {
  it('are as bad as the one alert where there is one', () => {
    fc.assert(
      fc.property(home, lossRange, fc.boolean(), (of, loss, bill) => {
        const alert = alertOf(of, loss, 1, bill);
        // A loss that rounds to nothing a head leaves income as it was, and is taken for a bill.
        fc.pre(bill || alert.projectedFen !== alert.perCapitaFen || alert.perCapitaFen === null);
        expect(jointRisk([alert], policy)?.jointSeverity).toBe(alert.severity);
      }),
    );
  });

  it('are never less than the worst of them, and no less for one more', () => {
    fc.assert(
      fc.property(home, fc.array(lossRange, { minLength: 2, maxLength: 5 }), lossRange, (of, losses, bill) => {
        const alerts = [...losses.map((loss, i) => alertOf(of, loss, i + 1)), alertOf(of, bill, 9, true)];
        const all = jointRisk(alerts, policy);
        const fewer = jointRisk(alerts.slice(1), policy);
        const worst = Math.max(...alerts.map(({ severity }) => severity));
        expect(all?.worstSeverity).toBe(worst);
        expect(all?.jointSeverity).toBeGreaterThanOrEqual(worst);
        expect(all?.jointSeverity).toBeGreaterThanOrEqual(fewer?.jointSeverity ?? 0);
      }),
    );
  });

  it('come out the same in whatever order they are given', () => {
    fc.assert(
      fc.property(home, fc.array(lossRange, { minLength: 1, maxLength: 5 }), fc.boolean(), (of, losses, overlap) => {
        const alerts = losses.map((loss, i) => ({
          ...alertOf(of, loss, i + 1),
          ...(overlap ? { inputs: [2, 100, PLACE] } : {}),
        }));
        expect(jointRisk(alerts.toReversed(), policy)).toEqual({
          ...jointRisk(alerts, policy),
          notAdded: (jointRisk(alerts, policy)?.notAdded ?? []).toReversed(),
          adding: (jointRisk(alerts, policy)?.adding ?? []).toReversed(),
        });
      }),
    );
  });

  it('make two that are not red red, where together they bring the household under the line', () => {
    const of: Home = { persons: 4, perCapitaFen: 1_080_000, facts: 0, spentFen: 0 };
    const [one, two] = [500_000, 450_000].map((fen, i) => alertOf(of, { low: fen, middle: fen, high: fen }, i + 1));
    if (one === undefined || two === undefined) throw new Error('no alerts');
    expect([one.severity, two.severity].every((severity) => severity < 4)).toBe(true);
    expect(jointRisk([one, two], policy)).toMatchObject({ jointSeverity: 4, projected: { middle: 842_500 } });
    // Over one and the same field only the larger loss counts.
    const same = jointRisk([one, { ...two, inputs: one.inputs }], policy);
    expect(same).toMatchObject({ notAdded: [2], incomeLoss: one.loss, jointSeverity: one.severity });
  });

  it('never net a bill out of income, nor count what was pushed twice', () => {
    const of: Home = { persons: 4, perCapitaFen: 1_500_000, facts: 0, spentFen: 0 };
    const bill = { low: 400_000, middle: 400_000, high: 400_000 };
    const house = jointRisk([alertOf(of, bill, 1, true)], policy);
    expect(house).toMatchObject({ projected: { middle: 1_500_000 }, bills: bill });
    const illness: StandingAlert = {
      ...alertOf({ ...of, spentFen: 500_000 }, bill, 2, true),
      cause: 'illness',
    };
    expect(jointRisk([illness], policy)).toMatchObject({ bills: bill, spendingFen: 100_000 });
  });

  it('are no less for a loss of income that is too small to count', () => {
    const of: Home = { persons: 5, perCapitaFen: 1_500_000, facts: 0, spentFen: 0 };
    const cost = (fen: number) => ({ low: fen, middle: fen, high: fen });
    const bill = (n: number): StandingAlert => ({
      ...alertOf(of, cost(2_500_000), n, true),
      cause: 'illness',
      inputs: [],
    });
    const tiny = alertOf(of, cost(1_000), 3);
    const bills = jointRisk([bill(1), bill(2)], policy);
    expect(bills?.jointSeverity).toBeGreaterThan(bills?.worstSeverity ?? 4);
    expect(jointRisk([bill(1), bill(2), tiny], policy)?.jointSeverity).toBe(bills?.jointSeverity);
  });

  it('count the water of a household once, whether a scheme was cut or the water office says so', () => {
    const of: Home = { persons: 4, perCapitaFen: 1_500_000, facts: 0, spentFen: 0 };
    const cost = (fen: number) => ({ low: fen, middle: fen, high: fen });
    const cut: StandingAlert = { ...alertOf(of, cost(60_000), 1, true), cause: 'water', inputs: [WATER, 4, PLACE] };
    const day = { since: '2026-07-18', until: '2026-07-18', cumulative: false };
    const found = { ...day, kind: 'water', person: 0, paidFen: 0, ofIncome: false };
    const said: StandingAlert = { ...alertOf(of, cost(40_000), 2, true), cause: 'water', inputs: [], found };
    expect(jointRisk([cut, said], policy)).toMatchObject({ bills: { middle: 60_000 }, paidFen: 0, notAdded: [2] });
  });

  it('take a bill on record for the same as the one that was pushed, and an accident’s for another', () => {
    const of: Home = { persons: 4, perCapitaFen: 1_500_000, facts: 0, spentFen: 500_000 };
    const bill = { low: 400_000, middle: 400_000, high: 400_000 };
    const period = { since: '2026-01-01', until: '2026-06-30' };
    const found = {
      ...period,
      kind: 'medical-spending',
      person: 7,
      cumulative: true,
      paidFen: 400_000,
      ofIncome: false,
    };
    const illness: StandingAlert = { ...alertOf(of, bill, 1, true), cause: 'illness', found };
    expect(jointRisk([illness], policy)).toMatchObject({ bills: bill, spendingFen: 100_000, paidFen: 400_000 });
    const hurt = { ...found, kind: 'accident', since: '2026-06-30', cumulative: false };
    const accident: StandingAlert = { ...alertOf(of, bill, 1, true), cause: 'accident', found: hurt };
    expect(jointRisk([accident], policy)).toMatchObject({ bills: bill, spendingFen: 500_000, paidFen: 400_000 });
  });

  it('ask on their own day whether a removed risk was removed recently', () => {
    const { bit } = alertReasons.recentlyRemoved;
    const [one, two] = [400_000, 350_000].map((fen, i) =>
      alertOf(
        { persons: 4, perCapitaFen: 1_400_000, facts: bit, spentFen: 0 },
        { low: fen, middle: fen, high: fen },
        i + 1,
      ),
    );
    if (one === undefined || two === undefined) throw new Error('no alerts');
    const judged = (removedOn: string | null, judgedOn: string) => {
      const day = removedOn === null ? [] : [REMOVAL, dayNumber(removedOn), PLACE];
      const alerts = [one, two].map((alert) => ({ ...alert, severity: 1, inputs: [...alert.inputs, ...day] }));
      const risk = jointRisk(alerts, severityPolicyOf({ judgedOn }, loadPolicy(), parseRegionCode('532327101')));
      return { recent: ((risk?.reasons ?? 0) & bit) !== 0, severity: risk?.jointSeverity ?? 0 };
    };
    const lately = judged('2025-09-01', '2026-07-18');
    expect(lately.recent).toBe(true);
    expect(judged(null, '2026-07-18')).toEqual(lately);
    expect(judged('2025-09-01', '2026-09-02')).toEqual({ recent: false, severity: lately.severity - 1 });
  });

  it('come short of what befell them no more, only where more of it would have counted', () => {
    const of: Home = { persons: 4, perCapitaFen: 500_000, facts: 0, spentFen: 0 };
    const cost = (perHead: number) => ({ low: 400 * perHead, middle: 400 * perHead, high: 400 * perHead });
    const [one, two] = [alertOf(of, cost(100), 1), alertOf(of, cost(120), 2)];
    expect(jointRisk([one, two], policy)).toMatchObject({ jointSeverity: 2, heldDown: true });
    expect(jointRisk([one, alertOf(of, cost(900), 2)], policy)?.heldDown).toBeUndefined();
  });

  it('are nothing where no alert stands', () => {
    expect(jointRisk([], policy)).toBeUndefined();
  });
});
