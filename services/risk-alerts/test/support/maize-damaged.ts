import { create } from '@bufbuild/protobuf';
import { AreaDamageSchema, type Shock } from '@fangpin/contracts';
import { hail, type ShockSpec } from './world.js';

const MAIZE = 2;

/** Hail whose report names maize, all of which it took in the areas. */
export function maizeDamaged(spec: Omit<ShockSpec, 'regions'>, ...areas: readonly (number | string)[]): Shock {
  const regions = areas.map(String);
  const shock = hail({ ...spec, regions });
  const all = 100_000_000n;
  const figures = { cropHitCentimu: all, cropDamagedCentimu: all, cropLostCentimu: all };
  shock.damage.push(...regions.map((region) => create(AreaDamageSchema, { region, ...figures, products: [MAIZE] })));
  return shock;
}
