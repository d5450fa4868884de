/**
 * What a grower or keeper loses when a product finds no buyer (滞销). A report tells the stock of an area, not whose it is: the
 * share of a year's produce that is left over is policy. What is offered for it is not lost.
 */
import type { AnimalPrice, CropLoss, Estimate, UnsoldLoss } from '@fangpin/policy';
import type { LossPerUnit } from './crop-loss.rule.js';

const CENTIMU_PER_MU = 100;

/** What a year's produce is worth, fen: of a hundredth of a mu. */
export function yieldOfCrop({ grossFenPerMu }: CropLoss): Estimate {
  const of = (step: keyof Estimate): number => grossFenPerMu[step] / CENTIMU_PER_MU;
  return { low: of('low'), middle: of('middle'), high: of('high') };
}

/** The same of a head kept: sold at the usual price, at production cost where that is not known. */
export function yieldOfAnimal(animal: AnimalPrice, usualFenPerKg: number): Estimate {
  const fenPerKg = usualFenPerKg > 0 ? usualFenPerKg : animal.breakEvenFenPerKg;
  const of = (step: keyof Estimate): number => animal.soldPerHead[step] * animal.liveWeightKg[step] * fenPerKg;
  return { low: of('low'), middle: of('middle'), high: of('high') };
}

/** Loss per unit of what yields so much. `offeredFenPerKg` is 0 where nothing is offered, or it is not known. */
export function lossOfUnsold(value: Estimate, policy: UnsoldLoss, offeredFenPerKg: number): LossPerUnit {
  const { usualFenPerKg: usual } = policy;
  const known = offeredFenPerKg > 0 && usual > 0;
  const lost = (step: keyof Estimate): number =>
    known ? 1 - Math.min(1, offeredFenPerKg / usual) : policy.lostValueShare[step];
  const of = (step: keyof Estimate): number => value[step] * policy.unsoldShare[step] * lost(step);
  return { low: of('low'), middle: of('middle'), high: of('high') };
}
