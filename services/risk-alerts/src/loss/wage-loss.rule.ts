/**
 * What a household loses when a job goes: the wages of the weeks until there is new work. The household's own wages count where
 * its income is known. Weeks and wages are policy (assumed: no figure is published).
 */
import type { Estimate, WageLoss } from '@fangpin/policy';
import type { LossPerUnit } from './crop-loss.rule.js';

const WEEKS_A_YEAR = 52;

/** Loss for each member who worked there, fen. `wageFenPerWorker` is a year's; null where not known. */
export function lossByLayOff(policy: WageLoss, wageFenPerWorker: number | null): LossPerUnit {
  const of = (step: keyof Estimate): number => {
    const wage = wageFenPerWorker ?? policy.wageFenPerYear[step];
    return (wage * policy.weeksWithoutWork[step]) / WEEKS_A_YEAR;
  };
  return { low: of('low'), middle: of('middle'), high: of('high') };
}
