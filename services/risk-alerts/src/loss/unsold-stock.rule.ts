/**
 * What a grower or keeper loses when a product finds no buyer (滞销). A report tells the stock of an area, not whose it is: each is taken to
 * have left over what the area has, as a share of a year's produce; where nothing tells how much a year's produce is, the share is policy.
 * What is offered for it is not lost.
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
  const fenPerKg = priceOfAnimal(animal, usualFenPerKg);
  const of = (step: keyof Estimate): number => animal.soldPerHead[step] * animal.liveWeightKg[step] * fenPerKg;
  return { low: of('low'), middle: of('middle'), high: of('high') };
}

export function priceOfAnimal({ breakEvenFenPerKg }: AnimalPrice, usualFenPerKg: number): number {
  return usualFenPerKg > 0 ? usualFenPerKg : breakEvenFenPerKg;
}

/** What produce of a value weighs by the middle estimate, kilograms; undefined where no price tells (0). */
export function weightOf(value: Estimate, fenPerKg: number): number | undefined {
  return fenPerKg > 0 ? value.middle / fenPerKg : undefined;
}

/** What is left over: its share of a year's produce of the area, null where nothing tells; fen offered per kilogram, 0 where nothing is, or it is not known. */
export interface LeftOver {
  readonly share: number | null;
  readonly offeredFenPerKg: number;
}

/** Loss per unit of what yields so much. High is a grower who is left with as much as policy thinks of any, and no less than the others. */
export function lossOfUnsold(value: Estimate, policy: UnsoldLoss, { share, offeredFenPerKg }: LeftOver): LossPerUnit {
  const { usualFenPerKg: usual, unsoldShare } = policy;
  const known = offeredFenPerKg > 0 && usual > 0;
  const lost = (step: keyof Estimate): number =>
    known ? 1 - Math.min(1, offeredFenPerKg / usual) : policy.lostValueShare[step];
  const left = share === null ? unsoldShare : { low: share, middle: share, high: Math.max(share, unsoldShare.high) };
  const of = (step: keyof Estimate): number => value[step] * left[step] * lost(step);
  return { low: of('low'), middle: of('middle'), high: of('high') };
}
