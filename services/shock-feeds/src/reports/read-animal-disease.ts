/** The member `animalDisease` of a report: animals dead of a disease and killed by order, area by area, as the damage of disasters is. */
import { findProductByKey, findProductByName, findShockKind } from '@fangpin/contracts';
import { contains, type RegionCode } from '@fangpin/domain-kit';
import type { KnownRegions } from '../cap/cap-area.rule.js';
import type { DiseasedAnimals } from '../shocks/shock.js';
import type { FieldReader } from './field-reader.js';
import { readRegion } from './read-damage.js';

const MEMBERS = ['region', 'product', 'deadHeads', 'culledHeads'];
const MAX_AREAS = 5_000;
const MAX_HEADS = 100_000_000;

/** Whether a kind of shock is an animal disease. */
export const isAnimalDisease = (kind: string | undefined): boolean =>
  kind !== undefined && findShockKind(kind)?.family === 'health';

/** Belongs to animal diseases that have been observed; may be absent while nobody has counted. */
export function readAnimalDisease(
  fields: FieldReader,
  kind: string | undefined,
  observed: boolean | undefined,
  regions: readonly RegionCode[],
  known: KnownRegions,
): readonly DiseasedAnimals[] {
  if (!fields.has('animalDisease')) return [];
  if (kind !== undefined && !isAnimalDisease(kind))
    fields.problem('animalDisease', 'belongs to reports of animal diseases (african-swine-fever …)', null);
  if (observed === false) fields.problem('animalDisease', 'belongs to what has been observed', null);
  const seen = new Set<string>();
  return fields.objects('animalDisease', MAX_AREAS).flatMap((entry) => {
    entry.only(MEMBERS);
    const region = readRegion(entry, 'region', entry.raw('region'), known);
    const named = entry.raw('product');
    const product = typeof named === 'string' ? (findProductByName(named) ?? findProductByKey(named)) : undefined;
    const deadHeads = entry.amount('deadHeads', { max: MAX_HEADS, integer: true });
    const culledHeads = entry.amount('culledHeads', { max: MAX_HEADS, integer: true });
    if (!entry.has('deadHeads') && !entry.has('culledHeads'))
      entry.problem('deadHeads', 'must be given, or culledHeads');
    if (product?.kind !== 'animal') entry.problem('product', 'must be a known animal by its key or Chinese name');
    if (region === undefined || product === undefined) return [];
    if (regions.length > 0 && !regions.some((area) => contains(area, region)))
      entry.problem('region', 'must lie within one of regions');
    const slot = `${region}/${product.code}`;
    if (seen.has(slot)) entry.problem('region', 'is named twice for the same animal');
    seen.add(slot);
    return [{ region, product: product.code, deadHeads, culledHeads }];
  });
}
