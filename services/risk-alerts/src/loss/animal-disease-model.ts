/** The model of animal diseases, compiled for one shock and one township. */
import { findProduct, findProductByKey } from '@fangpin/contracts';
import { isWithin, type DutyRange, type RegionCode } from '@fangpin/domain-kit';
import { underPolicy, type PolicySet } from '@fangpin/policy';
import {
  compensationFor,
  lossByDisease,
  lossByReportedHeads,
  valueOfHead,
  type HeadAtRisk,
} from './animal-disease.rule.js';
import { lossOf, type LossPerUnit } from './crop-loss.rule.js';
import type { AssessedHousehold, ExposedLivelihood, LossRange } from './household.js';
import { narrowestFirst, NOTHING, type LossModel, type StandingAreas } from './model.js';
import { judge } from './severity.rule.js';
import { severityPolicyOf } from './severity-policy.js';
import type { ShockFacts } from './shock-facts.js';

/** Where the animals stand that a disease can take: the areas of its report, or all of its area while nobody has counted. */
export function diseaseRanges(shock: ShockFacts): readonly DutyRange[] {
  return shock.animals.length > 0 ? shock.animals.map(({ range }) => range) : shock.ranges;
}

/** Animals that a disease can take: those of its report, or those that policy names. */
export function animalsAtRisk(shock: ShockFacts, policy: PolicySet, place: RegionCode): number[] {
  if (shock.animals.length > 0) return [...new Set(shock.animals.map(({ product }) => product))];
  const disease = underPolicy(() => policy.get('animal-disease', place, shock.judgedOn, shock.kind).value);
  return (disease?.animals ?? []).flatMap((key) => findProductByKey(key)?.code ?? []);
}

export interface AnimalDiseaseModel extends LossModel {
  /** Compensation for a head killed by order, fen; 0 where none is known. */
  compensationFen(product: number): number;
}

export function compileAnimalDiseaseModel(
  shock: ShockFacts,
  standing: StandingAreas,
  policy: PolicySet,
  township: RegionCode,
): AnimalDiseaseModel {
  const severity = severityPolicyOf(shock, policy, township);
  const atRisk = new Set(animalsAtRisk(shock, policy, township));
  const heads = new Map<number, HeadAtRisk | undefined>();
  const headOf = (product: number): HeadAtRisk | undefined => {
    if (!heads.has(product)) heads.set(product, headAtRisk(shock, policy, township, product));
    return heads.get(product);
  };
  const known = new Map<string, LossPerUnit>();
  const counted = narrowestFirst(shock.animals.map((area, at) => ({ ...area, at })));

  const lossInArea = (product: number, area: number): LossPerUnit => {
    const head = headOf(product);
    if (head === undefined) return NOTHING;
    const reported = shock.animals[area];
    if (reported !== undefined) return lossByReportedHeads(head, { ...reported, standing: standing[area] ?? 0 });
    return lossByDisease(head, policy.get('animal-disease', township, shock.judgedOn, shock.kind).value);
  };
  const unitLoss = ({ product, place }: ExposedLivelihood): LossPerUnit => {
    if (!atRisk.has(product)) return NOTHING;
    const area =
      shock.animals.length > 0
        ? (counted.find((one) => one.product === product && isWithin(place, one.range))?.at ?? -1)
        : shock.ranges.findIndex((range) => isWithin(place, range));
    if (area < 0) return NOTHING;
    const slot = `${product}/${area}`;
    const before = known.get(slot);
    if (before !== undefined) return before;
    const unit = lossInArea(product, area);
    known.set(slot, unit);
    return unit;
  };
  const loss = ({ livelihoods }: AssessedHousehold): LossRange => {
    const sum = { low: 0, middle: 0, high: 0 };
    for (const livelihood of livelihoods) {
      const { low, middle, high } = lossOf(unitLoss(livelihood), livelihood.quantity);
      sum.low += low;
      sum.middle += middle;
      sum.high += high;
    }
    return sum;
  };
  return {
    policy: severity,
    unitLoss,
    loss,
    compensationFen: (product) => headOf(product)?.compensationFen ?? 0,
    assess(household) {
      const range = loss(household);
      return range.high > 0 ? judge(household, range, severity) : undefined;
    },
  };
}

/** Nothing where the version knows neither the animal nor the disease. */
function headAtRisk(shock: ShockFacts, policy: PolicySet, township: RegionCode, code: number): HeadAtRisk | undefined {
  const key = findProduct(code)?.key;
  if (key === undefined) return undefined;
  return underPolicy(() => {
    const day = shock.judgedOn;
    const animal = policy.get('animal-price', township, day, key).value;
    const disease = policy.get('animal-disease', township, day, shock.kind).value;
    // An animal for which nothing is paid by order still has its worth.
    const culling = underPolicy(() => policy.get('culling-compensation', township, day, key).value);
    const usual = policy.get('unsold-stock', township, day, key).value.usualFenPerKg;
    return {
      value: valueOfHead(animal, disease, usual > 0 ? usual : animal.breakEvenFenPerKg),
      compensationFen: culling === undefined ? 0 : compensationFor(culling, shock.kind),
      paidShare: culling?.paidShare ?? { low: 0, middle: 0, high: 0 },
    };
  });
}
