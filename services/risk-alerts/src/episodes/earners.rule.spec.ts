import { parseRegionCode } from '@fangpin/domain-kit';
import { loadPolicy } from '@fangpin/policy';
import type { Cause } from '@fangpin/contracts';
import { describe, expect, it } from '@jest/globals';
import { severityPolicyOf } from '../loss/severity-policy.js';
import { jointRisk, type StandingAlert } from './joint-risk.rule.js';

const policy = severityPolicyOf({ judgedOn: '2026-07-18' }, loadPolicy(), parseRegionCode('532327101'));
const WAGE = 2_400_000;
const [FATHER, MOTHER] = [7, 8];
const BUILDING = 200;

function alert(origin: number, cause: Cause, lossFen: number, of: Partial<StandingAlert>): StandingAlert {
  const loss = { low: lossFen, middle: lossFen, high: lossFen };
  const household = { persons: 4, perCapitaFen: 2_000_000, projectedFen: 2_000_000 - lossFen / 4, reasons: 0 };
  return { ...household, origin, cause, severity: 1, loss, inputs: [], sliceNo: origin, wageFenPerWorker: WAGE, ...of };
}
const found = (kind: string, person: number, paidFen = 0) => ({
  found: { kind, person, since: '2026-05-01', until: '2026-05-01', cumulative: false, paidFen, ofIncome: true },
});
const layOff = (origin: number, workers: number, lossFen: number): StandingAlert =>
  alert(origin, 'job-loss', lossFen, { inputs: [BUILDING, workers, 532_327_000_000_000] });
const lost = (...alerts: StandingAlert[]): number | undefined => jointRisk(alerts, policy)?.incomeLoss.middle;

describe('the wages of one earner', () => {
  const accident = alert(1, 'accident', 600_000, found('accident', FATHER, 10_000_000));
  const death = alert(2, 'labour-lost', WAGE, found('death-of-earner', FATHER));

  it('are lost once, though he was hurt, has died of it, and his firm had let him go', () => {
    expect(lost(accident, death)).toBe(WAGE);
    expect(lost(layOff(3, 1, 1_200_000), accident, death)).toBe(WAGE);
    // Half a year without work, of which a quarter he could not have worked anyway.
    expect(lost(layOff(3, 1, 1_200_000), accident)).toBe(1_200_000 + 300_000);
    expect(lost(alert(4, 'accident', 500_000, found('accident', FATHER)), accident)).toBe(600_000);
  });

  it('are beside those of another', () => {
    expect(lost(death, alert(4, 'labour-lost', WAGE, found('death-of-earner', MOTHER)))).toBe(2 * WAGE);
    expect(lost(layOff(3, 2, 2_400_000), death)).toBe(1_200_000 + WAGE);
    expect(lost(layOff(3, 2, 2_400_000))).toBe(2_400_000);
  });

  it('are those of one, beside those of whoever is named, where departments name the household alone', () => {
    const [hurt, dead] = [accident, death].map((part) => ({
      ...part,
      found: { ...found('', 0).found, kind: part.found?.kind ?? '' },
    }));
    if (hurt === undefined || dead === undefined) throw new Error('no alerts');
    expect(lost(hurt, dead)).toBe(WAGE);
    expect(lost({ ...hurt, origin: 9 }, death)).toBe(600_000 + WAGE);
  });

  it('count as the largest loss where nobody knows them', () => {
    const [one, other] = [accident, death].map((part) => ({ ...part, wageFenPerWorker: null }));
    if (one === undefined || other === undefined) throw new Error('no alerts');
    expect(lost(one, other)).toBe(WAGE);
  });

  it('add one alert of the two that two offices made of one accident: that whose bill counts', () => {
    for (const [dear, cheap] of [
      [1, 2],
      [2, 1],
    ] as const) {
      const both = [dear, cheap].map((n) =>
        alert(n, 'accident', 600_000, found('accident', FATHER, n === dear ? 1_500_000 : 1_200_000)),
      );
      expect(jointRisk(both, policy)).toMatchObject({
        bills: { middle: 1_500_000 },
        notAdded: [cheap],
        adding: [dear],
      });
    }
  });

  it('stand beside the bill of the accident, which counts whole', () => {
    const risk = jointRisk([accident, death], policy);
    expect(risk).toMatchObject({ bills: { middle: 10_000_000 }, paidFen: 10_000_000, notAdded: [], adding: [1, 2] });
    // Beside the bill of the accident its wages are those of the death.
    expect(jointRisk([accident], policy)?.bills.middle).toBe(10_000_000);
  });
});
