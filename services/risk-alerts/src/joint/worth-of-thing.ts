/** What a field or pen is worth over twelve months by the policy that an alert was judged by: no more can be lost of it, whatever happens. */
import { findProduct } from '@fangpin/contracts';
import type { RegionCode } from '@fangpin/domain-kit';
import { underPolicy, type PolicySet } from '@fangpin/policy';
import { valueOfHead } from '../loss/animal-disease.rule.js';
import type { LossRange } from '../loss/household.js';
import type { ShockFacts } from '../loss/shock-facts.js';
import { yieldOfAnimal, yieldOfCrop } from '../loss/unsold-stock.rule.js';

const UNKNOWN: LossRange = { low: 0, middle: 0, high: 0 };

/**
 * Fen for a hundredth of a mu, or for a head kept: a year's produce at the price before the shock, and no less than the head that stands
 * in the pen. Zero where the version has no record of the product, and for all that is neither crop nor animal.
 */
export function worthPerUnit(shock: ShockFacts, policy: PolicySet, township: RegionCode, code: number): LossRange {
  const product = findProduct(code);
  if (product === undefined) return UNKNOWN;
  const day = shock.judgedOn;
  const worth = underPolicy(() => {
    if (product.kind === 'crop') return yieldOfCrop(policy.get('crop-loss', township, day, product.key).value);
    if (product.kind !== 'animal') return UNKNOWN;
    const animal = policy.get('animal-price', township, day, product.key).value;
    const stock = underPolicy(() => policy.get('unsold-stock', township, day, product.key).value);
    const fenPerKg = shock.priceFall?.referenceFenPerKg ?? stock?.usualFenPerKg ?? 0;
    const sold = yieldOfAnimal(animal, fenPerKg);
    const disease = underPolicy(() => policy.get('animal-disease', township, day, shock.kind).value);
    return disease === undefined
      ? sold
      : atLeast(sold, valueOfHead(animal, disease, fenPerKg > 0 ? fenPerKg : animal.breakEvenFenPerKg));
  });
  return worth ?? UNKNOWN;
}

function atLeast(one: LossRange, other: LossRange): LossRange {
  const of = (step: keyof LossRange): number => Math.max(one[step], other[step]);
  return { low: of('low'), middle: of('middle'), high: of('high') };
}
