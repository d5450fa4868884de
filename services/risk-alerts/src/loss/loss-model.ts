/**
 * The loss models, compiled for one shock and one township: a pure function from a household to its verdict. Policy is
 * read once here, so that the stream of households costs a few multiplications each.
 */
import { findProduct, products, type Product } from '@fangpin/contracts';
import { isWithin, type RegionCode } from '@fangpin/domain-kit';
import { levelName, underPolicy, type PolicySet } from '@fangpin/policy';
import { compileAnimalDiseaseModel } from './animal-disease-model.js';
import { lossByPrice } from './animal-price.rule.js';
import { animalsAnywhere, placesOf } from './causes.js';
import { cropPolicy } from './crop-policy.js';
import { lossByCropPrice } from './crop-price.rule.js';
import { atStake, lossByHazard, lossByReport, type LossPerUnit } from './crop-loss.rule.js';
import { compileDwellingModel } from './dwelling-model.js';
import type { AssessedHousehold, ExposedLivelihood, LossRange } from './household.js';
import { narrowestFirst, NOTHING, type LossModel, type StandingAreas } from './model.js';
import { reportedFields } from './reported-fields.js';
import { reportedShare } from './reported-share.rule.js';
import { judge } from './severity.rule.js';
import { severityPolicyOf } from './severity-policy.js';
import type { DamagedArea, PriceFallFacts, ShockFacts } from './shock-facts.js';
import { HOUSE_CODES, WATER } from './things.js';
import { unsoldProduce } from './unsold-stock-model.js';
import { lossByLayOff } from './wage-loss.rule.js';
import { compileWaterModel } from './water-model.js';

export { causesOf, placeOf } from './causes.js';
export type { LossModel, StandingAreas } from './model.js';

/** More damaged areas than any report names (area −1 stands for none). */
const SLOTS_PER_PRODUCT = 100_000;
const JOBS = products.filter(({ kind }) => kind === 'job');

/** Products (or houses, or water) that a shock can touch in its month under the policy of any of its places. */
export function productsAtRisk(shock: ShockFacts, policy: PolicySet): number[] {
  if (shock.cause === 'dwelling') return [...HOUSE_CODES];
  if (shock.cause === 'water') return [WATER];
  if (shock.cause === 'animal-disease') return animalsAnywhere(shock, policy);
  if (shock.priceFall !== undefined) return [shock.priceFall.product];
  if (shock.unsoldStock !== undefined) return shock.unsoldStock.map(({ product }) => product);
  if (shock.layOff !== undefined)
    return shock.layOff.branches.length > 0 ? [...shock.layOff.branches] : JOBS.map(({ code }) => code);
  const places = placesOf(shock, policy, 'crop-loss');
  const standsIn = (place: RegionCode, product: Product): boolean => {
    const crop = cropPolicy(policy, place, shock.judgedOn, product);
    return crop !== undefined && atStake(crop, shock.month) > 0;
  };
  return products.filter((p) => p.kind === 'crop' && places.some((place) => standsIn(place, p))).map((p) => p.code);
}

export function compileLossModel(
  shock: ShockFacts,
  standing: StandingAreas,
  policy: PolicySet,
  township: RegionCode,
): LossModel {
  if (shock.cause === 'dwelling') return compileDwellingModel(shock, standing, policy, township);
  if (shock.cause === 'water') return compileWaterModel(shock, policy, township);
  if (shock.cause === 'animal-disease') return compileAnimalDiseaseModel(shock, standing, policy, township);
  const severity = severityPolicyOf(shock, policy, township);
  const atRisk = shock.layOff === undefined ? undefined : new Set(productsAtRisk(shock, policy));
  const letGo = shock.layOff && reportedShare(shock.layOff.persons, standing[0]);
  const known = new Map<number, LossPerUnit>();
  const reported = reportedFields(shock);
  const areas = damagedFields(reported);
  // Position of the damaged area that a livelihood lies in, or 0 for any place in a shock without a report; -1 for none.
  const areaOf = (l: ExposedLivelihood): number => {
    // Whom a named firm employs is found by the firm, wherever the register has the work.
    if (shock.layOff !== undefined && shock.layOff.employer !== '') return 0;
    if (!shock.ranges.some((range) => isWithin(l.place, range))) return -1;
    if (reported.length === 0) return 0;
    const nearest = areas.find(
      (area) => isWithin(l.place, area.range) && (area.products.length === 0 || area.products.includes(l.product)),
    );
    return nearest?.at ?? -1;
  };

  const unitLoss = (livelihood: ExposedLivelihood, household: AssessedHousehold): LossPerUnit => {
    const area = areaOf(livelihood);
    if (atRisk !== undefined) {
      const job = area < 0 || !atRisk.has(livelihood.product) ? undefined : findProduct(livelihood.product);
      if (job === undefined) return NOTHING;
      const wages = underPolicy(() => policy.get('wage-loss', township, shock.judgedOn, job.key).value);
      return wages === undefined ? NOTHING : lossByLayOff(wages, household.wageFenPerWorker ?? null, letGo?.share ?? 1);
    }
    const slot = livelihood.product * SLOTS_PER_PRODUCT + area;
    const before = known.get(slot);
    if (before !== undefined) return before;
    const unit = unitLossOf(shock, standing, policy, township, livelihood.product, area);
    known.set(slot, unit);
    return unit;
  };

  const loss = (household: AssessedHousehold): LossRange => {
    let low = 0;
    let middle = 0;
    let high = 0;
    for (const livelihood of household.livelihoods) {
      const unit = unitLoss(livelihood, household);
      low += unit.low * livelihood.quantity;
      middle += unit.middle * livelihood.quantity;
      high += unit.high * livelihood.quantity;
    }
    return { low: Math.round(low), middle: Math.round(middle), high: Math.round(high) };
  };

  return {
    policy: severity,
    unitLoss,
    loss,
    reported(code) {
      const product = findProduct(code);
      return letGo ?? (product && unsoldProduce(shock, standing, policy, township, product)?.reported);
    },
    assess(household) {
      const range = loss(household);
      return range.high > 0 ? judge(household, range, severity) : undefined;
    },
  };
}

/** Areas of a report that tell of fields, in the order in which they are asked; `at`: the position in the report. */
function damagedFields(damage: readonly DamagedArea[]): (DamagedArea & { readonly at: number })[] {
  const told = damage.map((area, at) => ({ ...area, at })).filter(({ hit }) => hit > 0);
  // What names the crop is asked before what is said of all crops of the same area.
  return narrowestFirst([...told].sort((a, b) => Number(a.products.length === 0) - Number(b.products.length === 0)));
}

function unitLossOf(
  shock: ShockFacts,
  standing: StandingAreas,
  policy: PolicySet,
  township: RegionCode,
  code: number,
  areaIndex: number,
): LossPerUnit {
  const product = findProduct(code);
  if (product === undefined || areaIndex < 0) return NOTHING;
  if (shock.priceFall !== undefined) {
    return code === shock.priceFall.product
      ? lossByFall(shock.priceFall, policy, township, shock.judgedOn, product)
      : NOTHING;
  }
  if (shock.unsoldStock !== undefined) {
    return unsoldProduce(shock, standing, policy, township, product)?.loss ?? NOTHING;
  }
  if (product.kind !== 'crop') return NOTHING;
  const crop = cropPolicy(policy, township, shock.judgedOn, product);
  if (crop === undefined) return NOTHING;
  const reported = reportedFields(shock);
  if (reported.length > 0) {
    const area = reported[areaIndex];
    if (area === undefined) return NOTHING;
    const shares = policy.get('damage-share', township, shock.judgedOn).value;
    return lossByReport(crop, { ...area, standing: standing[areaIndex] ?? 0 }, shares, shock.month);
  }
  const hazard = underPolicy(() => policy.get('hazard-loss', township, shock.judgedOn, shock.kind));
  if (hazard === undefined) return NOTHING;
  return lossByHazard(crop, hazard.value, levelName(shock.level), shock.kind, shock.month);
}

function lossByFall(fall: PriceFallFacts, policy: PolicySet, region: RegionCode, day: string, product: Product) {
  if (product.kind === 'animal') return lossByPrice(policy.get('animal-price', region, day, product.key).value, fall);
  const crop = product.kind === 'crop' ? cropPolicy(policy, region, day, product) : undefined;
  const sold = crop && underPolicy(() => policy.get('crop-price', region, day, product.key).value);
  return crop === undefined || sold === undefined ? NOTHING : lossByCropPrice(crop, sold, fall);
}
