/** Which causes (致险原因) a shock is to households: read from policy, so that a county adds a hazard by a record. */
import { findProduct, type Cause } from '@fangpin/contracts';
import { COUNTRY, type RegionCode } from '@fangpin/domain-kit';
import { underPolicy, type PolicyKey, type PolicySet } from '@fangpin/policy';
import { animalsAtRisk } from './animal-disease-model.js';
import { dwellingBasis } from './dwelling-model.js';
import { reportedFields } from './reported-fields.js';
import { isAnimalDisease, WATER_CUT, type ShockFacts } from './shock-facts.js';

/** The place whose policy holds for the shock as a whole; what is judged by household is judged by its township. */
export function placeOf(shock: ShockFacts): RegionCode {
  return shock.regions[0] ?? COUNTRY;
}

/** Everywhere that the policy of the key may differ within the areas of the shock: one area's value must not hide another's. */
export function placesOf(shock: ShockFacts, policy: PolicySet, key: PolicyKey): RegionCode[] {
  const areas = shock.regions.length > 0 ? shock.regions : [COUNTRY];
  return [...new Set(areas.flatMap((area) => policy.placesWithin(area, key)))];
}

/** Animals that a disease can take anywhere in its areas. */
export function animalsAnywhere(shock: ShockFacts, policy: PolicySet): number[] {
  return [
    ...new Set(placesOf(shock, policy, 'animal-disease').flatMap((place) => animalsAtRisk(shock, policy, place))),
  ];
}

/**
 * Every cause that a shock is, under the policy of its places and day; none where no model speaks of its kind. A hazard takes
 * crops where it has a `hazard-loss` record or a report names fields, and houses where a report counts some, an intensity is
 * known, or it has a `dwelling-hazard` record and no report says otherwise.
 */
export function causesOf(shock: ShockFacts, policy: PolicySet): Cause[] {
  if (shock.priceFall !== undefined) return isPriced(shock, policy) ? ['price-fall'] : [];
  if (shock.unsoldStock !== undefined) return ['unsold-stock'];
  if (shock.layOff !== undefined) return ['job-loss'];
  if (shock.kind === WATER_CUT) return holds('water-cut', shock, policy) ? ['water'] : [];
  if (isAnimalDisease(shock.kind)) return animalsAnywhere(shock, policy).length > 0 ? ['animal-disease'] : [];
  const causes: Cause[] = [];
  if (hasRecord('hazard-loss', shock, policy) || reportedFields(shock).length > 0) causes.push('crop-disaster');
  const basis = dwellingBasis(shock);
  if (basis === 'report' || basis === 'intensity' || (basis === 'level' && hasRecord('dwelling-hazard', shock, policy)))
    // Versions from before the model of houses judge none.
    if (holds('dwelling-cost', shock, policy)) causes.push('dwelling');
  return causes;
}

/** Whether a fall of the product's price takes anything from a household: no model speaks of what is bought, such as feed. */
function isPriced(shock: ShockFacts, policy: PolicySet): boolean {
  const product = shock.priceFall && findProduct(shock.priceFall.product);
  if (product === undefined || product.kind === 'job') return false;
  if (product.kind === 'animal') return true;
  // Versions from before crops had prices judge none.
  return underPolicy(() => policy.get('crop-price', placeOf(shock), shock.judgedOn, product.key)) !== undefined;
}

function holds(key: 'dwelling-cost' | 'water-cut', shock: ShockFacts, policy: PolicySet): boolean {
  return underPolicy(() => policy.get(key, placeOf(shock), shock.judgedOn)) !== undefined;
}

function hasRecord(key: 'hazard-loss' | 'dwelling-hazard', shock: ShockFacts, policy: PolicySet): boolean {
  return placesOf(shock, policy, key).some(
    (place) => underPolicy(() => policy.get(key, place, shock.judgedOn, shock.kind)) !== undefined,
  );
}
