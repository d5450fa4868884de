/**
 * What a fall of the price of live animals takes from a keeper: heads sold within twelve months × live weight × the fall.
 * The low estimate lets the keeper stop at the production cost (no one must restock at a loss).
 */
import type { AnimalPrice } from '@fangpin/policy';
import type { LossPerUnit } from './crop-loss.rule.js';

export interface FallenPrice {
  readonly referenceFenPerKg: number;
  readonly latestFenPerKg: number;
}

/** Loss per head kept, fen. A price at or above its reference takes nothing. */
export function lossByPrice(animal: AnimalPrice, price: FallenPrice): LossPerUnit {
  const fall = Math.max(0, price.referenceFenPerKg - price.latestFenPerKg);
  const floor = Math.max(price.latestFenPerKg, animal.breakEvenFenPerKg);
  const fallToCost = Math.min(fall, Math.max(0, price.referenceFenPerKg - floor));
  const { liveWeightKg: kg, soldPerHead: sold } = animal;
  return {
    low: sold.low * kg.low * fallToCost,
    middle: sold.middle * kg.middle * fall,
    high: sold.high * kg.high * fall,
  };
}
