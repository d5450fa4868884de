/**
 * What a fall of the price of a crop takes from a grower: the season's value × the share that is sold × the fall. What is eaten or
 * fed at home loses nothing.
 */
import type { CropLoss, CropPrice, Estimate } from '@fangpin/policy';
import type { FallenPrice } from './animal-price.rule.js';
import type { LossPerUnit } from './crop-loss.rule.js';
import { yieldOfCrop } from './unsold-stock.rule.js';

/** Loss per hundredth of a mu, fen. A price at or above its reference takes nothing. */
export function lossByCropPrice(crop: CropLoss, { soldShare }: CropPrice, price: FallenPrice): LossPerUnit {
  const { referenceFenPerKg: usual, latestFenPerKg: latest } = price;
  const fallen = usual > 0 ? Math.max(0, 1 - latest / usual) : 0;
  const value = yieldOfCrop(crop);
  const of = (step: keyof Estimate): number => value[step] * soldShare[step] * fallen;
  return { low: of('low'), middle: of('middle'), high: of('high') };
}
