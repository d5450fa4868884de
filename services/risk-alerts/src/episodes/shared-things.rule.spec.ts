import type { Cause } from '@fangpin/contracts';
import { parseRegionCode } from '@fangpin/domain-kit';
import { loadPolicy } from '@fangpin/policy';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { LossRange } from '../loss/household.js';
import { judge } from '../loss/severity.rule.js';
import { severityPolicyOf } from '../loss/severity-policy.js';
import { jointRisk, type StandingAlert } from './joint-risk.rule.js';
import { sharedThings, takenTogether, type ThingLoss } from './shared-things.rule.js';

const policy = severityPolicyOf({ judgedOn: '2026-07-18' }, loadPolicy(), parseRegionCode('532327101'));
const PLACE = 532_327_101_201_000;
const STEPS = ['low', 'middle', 'high'] as const;
/** Rounding to whole fen, once for each thing. */
const A_FEN = 1;

const causes: readonly Cause[] = ['crop-disaster', 'unsold-stock', 'price-fall', 'animal-disease'];

/** Shares of the worth of a few fields and pens, low ≤ middle ≤ high, as the loss models have them. */
const home = fc
  .record({
    worths: fc.array(fc.integer({ min: 1_000, max: 2_000_000 }), { minLength: 1, maxLength: 3 }),
    alerts: fc.array(
      fc.record({
        cause: fc.constantFrom(...causes),
        shares: fc.array(fc.tuple(fc.nat(100), fc.nat(100), fc.nat(100)), { minLength: 1, maxLength: 3 }),
      }),
      { minLength: 1, maxLength: 5 },
    ),
    perCapitaFen: fc.integer({ min: 800_000, max: 3_000_000 }),
  })
  .map(({ worths, alerts, perCapitaFen }) =>
    alerts.map(({ cause, shares }, i): StandingAlert & { readonly things: ThingLoss[] } => {
      const things = worths.flatMap((worth, n): ThingLoss[] => {
        const share = shares[n];
        if (share === undefined) return [];
        const [low = 0, middle = 0, high = 0] = share
          .toSorted((a, b) => a - b)
          .map((percent) => (worth * percent) / 100);
        return [{ product: n + 1, place: PLACE, loss: { low, middle, high }, worth: rangeOf(() => worth) }];
      });
      const loss = rangeOf((step) => Math.round(things.reduce((sum, thing) => sum + thing.loss[step], 0)));
      const household = { persons: 1, perCapitaFen, facts: 0, livelihoods: [] };
      const { severity, reasons } = judge(household, loss, policy);
      const inputs = things.flatMap(({ product, place }) => [product, 100, place]);
      const known = { persons: 1, perCapitaFen, projectedFen: perCapitaFen - loss.middle, reasons, inputs, sliceNo: i };
      return { ...known, origin: i + 1, cause, severity, loss, things };
    }),
  )
  // A loss of nothing is no alert.
  .map((alerts) => alerts.filter(({ loss }) => loss.middle > 0));

const rangeOf = (of: (step: keyof LossRange) => number): LossRange => ({
  low: of('low'),
  middle: of('middle'),
  high: of('high'),
});

describe('what several alerts take of the same field or pen', () => {
  it('is never more than it is worth, never more than their sum, and never less than the largest of them', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1_000_000), { maxLength: 5 }), fc.nat(2_000_000), (losses, worth) => {
        const largest = Math.max(0, ...losses);
        const taken = takenTogether(losses, worth);
        expect(taken).toBeLessThanOrEqual(Math.max(worth, largest));
        expect(taken).toBeLessThanOrEqual(losses.reduce((a, b) => a + b, 0) + 1e-6);
        expect(taken).toBeGreaterThanOrEqual(largest);
        expect(takenTogether(losses.toReversed(), worth)).toBe(taken);
        expect(takenTogether([...losses, 1_000], worth)).toBeGreaterThanOrEqual(taken - 1e-6);
      }),
    );
  });

  it('is what each leaves of what the others leave', () => {
    // Hail takes 40 of 100, and what is left finds no buyer for half of it.
    expect(takenTogether([40, 50], 100)).toBeCloseTo(70);
    expect(takenTogether([100, 50], 100)).toBe(100);
    expect(takenTogether([40], 100)).toBe(40);
    // Nobody knows what it is worth.
    expect(takenTogether([40, 50], 0)).toBe(50);
  });

  it('makes up the picture of the household: no thing is lost more than once, whatever its causes and their order', () => {
    fc.assert(
      fc.property(home, (alerts) => {
        const risk = jointRisk(alerts, policy);
        if (risk === undefined) return;
        const worths = new Map(alerts.flatMap(({ things }) => things.map(({ product, worth }) => [product, worth])));
        for (const step of STEPS) {
          const worth = [...worths.values()].reduce((sum, one) => sum + one[step], 0);
          const total = risk.incomeLoss[step];
          expect(total).toBeLessThanOrEqual(worth + A_FEN);
          expect(total).toBeLessThanOrEqual(alerts.reduce((sum, { loss }) => sum + loss[step], 0) + A_FEN);
          expect(total).toBeGreaterThanOrEqual(Math.max(...alerts.map(({ loss }) => loss[step])));
          // Of each thing what all causes take of it, and of things of one alert that.
          const each = [...worths.keys()].reduce((sum, product) => {
            const of = (cause: Cause): number[] =>
              alerts
                .filter((alert) => alert.cause === cause)
                .flatMap(({ things }) => things.filter((thing) => thing.product === product))
                .map(({ loss }) => loss[step]);
            return (
              sum +
              takenTogether(
                causes.map((cause) => Math.max(0, ...of(cause))),
                worths.get(product)?.[step] ?? 0,
              )
            );
          }, 0);
          expect(Math.abs(total - each)).toBeLessThanOrEqual(alerts.length + A_FEN);
        }
        expect(risk.incomeLoss.low).toBeLessThanOrEqual(risk.incomeLoss.middle);
        expect(risk.incomeLoss.middle).toBeLessThanOrEqual(risk.incomeLoss.high);
        expect(jointRisk(alerts.toReversed(), policy)?.incomeLoss).toEqual(risk.incomeLoss);
        expect(sharedThings(alerts.toReversed())).toEqual(sharedThings(alerts));
      }),
    );
  });

  it('adds nothing for an alert of which another one of its cause takes as much of everything', () => {
    const at = (product: number, middle: number): ThingLoss => ({
      ...{ product, place: PLACE, loss: rangeOf(() => middle), worth: rangeOf(() => 1_000_000) },
    });
    const alert = (origin: number, cause: Cause, things: ThingLoss[]): StandingAlert => {
      const loss = rangeOf(() => things.reduce((sum, one) => sum + one.loss.middle, 0));
      const known = { persons: 1, perCapitaFen: 2_000_000, projectedFen: 2_000_000 - loss.middle, reasons: 0 };
      return { ...known, origin, cause, severity: 1, loss, things, inputs: [], sliceNo: origin };
    };
    const storms = [
      alert(1, 'crop-disaster', [at(2, 200_000), at(3, 500_000)]),
      alert(2, 'crop-disaster', [at(2, 300_000)]),
      alert(3, 'crop-disaster', [at(2, 100_000)]),
    ];
    // Of the maize that of the second, of the wheat that of the first.
    expect(jointRisk(storms, policy)).toMatchObject({ incomeLoss: { middle: 800_000 }, notAdded: [3] });
    const unsold = alert(4, 'unsold-stock', [at(3, 500_000)]);
    // Half of the half of the wheat that is left.
    expect(jointRisk([...storms, unsold], policy)).toMatchObject({
      ...{ incomeLoss: { middle: 1_050_000 }, notAdded: [3] },
      shared: [{ product: 2 }, { product: 3, together: { middle: 750_000 }, tooMuch: { middle: 250_000 } }],
    });
  });
});
