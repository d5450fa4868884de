/**
 * What a household loses when a job goes: the wages of the weeks until there is new work. The household's own wages count where
 * its income is known. Weeks and wages are policy (assumed: no figure is published). A report that counts whom it let go does not say who they
 * are: each who worked there is one of them with the same probability, and high is who is.
 */
import type { Estimate, WageLoss } from '@fangpin/policy';
import type { LossPerUnit } from './crop-loss.rule.js';

const WEEKS_A_YEAR = 52;

/** Loss for each member who worked there, fen. `wageFenPerWorker` is a year's; null where not known. `share`: of all of them who were let go, 0–1. */
export function lossByLayOff(policy: WageLoss, wageFenPerWorker: number | null, share = 1): LossPerUnit {
  const of = (step: keyof Estimate): number => {
    const wage = wageFenPerWorker ?? policy.wageFenPerYear[step];
    return (wage * policy.weeksWithoutWork[step] * (step === 'high' ? 1 : share)) / WEEKS_A_YEAR;
  };
  return { low: of('low'), middle: of('middle'), high: of('high') };
}
