/** Unsold stock of one shock, for one product in one township: what a unit loses, and what part of a year's produce is left over. */
import type { Product } from '@fangpin/contracts';
import type { RegionCode } from '@fangpin/domain-kit';
import { underPolicy, type Estimate, type PolicySet } from '@fangpin/policy';
import type { LossPerUnit } from './crop-loss.rule.js';
import { cropPolicy } from './crop-policy.js';
import type { StandingAreas } from './model.js';
import { reportedShare, type ReportedShare } from './reported-share.rule.js';
import type { ShockFacts } from './shock-facts.js';
import { lossOfUnsold, priceOfAnimal, weightOf, yieldOfAnimal, yieldOfCrop } from './unsold-stock.rule.js';

export interface UnsoldProduce {
  readonly loss: LossPerUnit;
  readonly reported: ReportedShare;
}

/** `standing`: by position in the report. Nothing of what it does not name, of jobs, and of what the version has no record of. */
export function unsoldProduce(
  shock: ShockFacts,
  standing: StandingAreas,
  policy: PolicySet,
  township: RegionCode,
  product: Product,
): UnsoldProduce | undefined {
  const at = (shock.unsoldStock ?? []).findIndex((one) => one.product === product.code);
  const stock = shock.unsoldStock?.[at];
  if (stock === undefined || product.kind === 'job') return undefined;
  const unsold = underPolicy(() => policy.get('unsold-stock', township, shock.judgedOn, product.key).value);
  const produce = unsold && yearOf(policy, township, shock.judgedOn, product, unsold.usualFenPerKg);
  if (unsold === undefined || produce === undefined) return undefined;
  const units = standing[at];
  const yearsKg = units === undefined || produce.kg === undefined ? undefined : Math.round(units * produce.kg);
  const reported = reportedShare(stock.quantityKg, yearsKg);
  const { offeredFenPerKg } = stock;
  return { reported, loss: lossOfUnsold(produce.value, unsold, { share: reported.share, offeredFenPerKg }) };
}

/** A year's produce of a hundredth of a mu, or of a head. */
interface YearsProduce {
  /** What it is worth, fen. */
  readonly value: Estimate;
  /** Kilograms; undefined where no price tells what its value weighs. */
  readonly kg: number | undefined;
}

/** A year's produce of a crop or animal, or nothing where the version has no record of it. */
function yearOf(
  policy: PolicySet,
  region: RegionCode,
  day: string,
  product: Product,
  usualFenPerKg: number,
): YearsProduce | undefined {
  if (product.kind === 'crop') {
    const crop = cropPolicy(policy, region, day, product);
    if (crop === undefined) return undefined;
    const value = yieldOfCrop(crop);
    return { value, kg: weightOf(value, usualFenPerKg) };
  }
  const animal = underPolicy(() => policy.get('animal-price', region, day, product.key).value);
  if (animal === undefined) return undefined;
  const value = yieldOfAnimal(animal, usualFenPerKg);
  return { value, kg: weightOf(value, priceOfAnimal(animal, usualFenPerKg)) };
}
