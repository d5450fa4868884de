/** The damage of a report, area by area (rulebook §13.5: 受灾, 成灾, 绝收 areas; collapsed and damaged houses). */
import { findProductByKey, findProductByName } from '@fangpin/contracts';
import { contains, findRegionCode, type RegionCode } from '@fangpin/domain-kit';
import type { KnownRegions } from '../cap/cap-area.rule.js';
import type { AreaDamage } from '../shocks/shock.js';
import type { FieldReader } from './field-reader.js';

const AREA_AMOUNTS = ['cropHitMu', 'cropDamagedMu', 'cropLostMu'] as const;
const HOUSE_COUNTS = ['housesCollapsed', 'housesDamaged'] as const;
const DAMAGE_MEMBERS = ['region', 'products', ...AREA_AMOUNTS, ...HOUSE_COUNTS];
const MAX_DAMAGE = 5_000;
const MAX_MU = 100_000_000;
const MAX_HOUSES = 100_000_000;
const CENTIMU = 100;

export function readRegion(
  fields: FieldReader,
  name: string,
  value: unknown,
  known: KnownRegions,
): RegionCode | undefined {
  const code = typeof value === 'string' ? findRegionCode(value) : undefined;
  if (code === undefined)
    return fields.problem(name, 'must be a region code of 2, 4, 6, 9 or 12 digits (00 for the whole country)', value);
  return known.has(code) ? code : fields.problem(name, 'must be a known region', value);
}

export function readDamage(
  fields: FieldReader,
  regions: readonly RegionCode[],
  known: KnownRegions,
): readonly AreaDamage[] {
  const seen = new Set<string>();
  return fields.objects('damage', MAX_DAMAGE).flatMap((entry) => {
    entry.only(DAMAGE_MEMBERS);
    const region = readRegion(entry, 'region', entry.raw('region'), known);
    const [hit, damaged, lost] = AREA_AMOUNTS.map((name) => entry.amount(name, { max: MAX_MU, integer: false }));
    const [collapsed, houses] = HOUSE_COUNTS.map((name) => entry.amount(name, { max: MAX_HOUSES, integer: true }));
    const products = readProducts(entry);
    // 受灾 holds 成灾, which holds 绝收 (rulebook §13.5); a figure that is not reported contradicts nothing.
    if (entry.has('cropHitMu') && Number(damaged) > Number(hit))
      entry.problem('cropDamagedMu', 'must not exceed cropHitMu');
    if (entry.has('cropDamagedMu') && Number(lost) > Number(damaged))
      entry.problem('cropLostMu', 'must not exceed cropDamagedMu');
    if (region === undefined) return [];
    if (regions.length > 0 && !regions.some((area) => contains(area, region)))
      entry.problem('region', 'must lie within one of regions');
    const slot = `${region}/${[...products].sort((a, b) => a - b).join()}`;
    if (seen.has(slot)) entry.problem('region', 'is named twice for the same products');
    seen.add(slot);
    return [
      {
        region,
        cropHitCentimu: Math.round(Number(hit) * CENTIMU),
        cropDamagedCentimu: Math.round(Number(damaged) * CENTIMU),
        cropLostCentimu: Math.round(Number(lost) * CENTIMU),
        products,
        housesCollapsed: Number(collapsed),
        housesDamaged: Number(houses),
      },
    ];
  });
}

function readProducts(entry: FieldReader): number[] {
  return entry.list('products', 100).flatMap((value, i) => {
    const product = typeof value === 'string' ? (findProductByName(value) ?? findProductByKey(value)) : undefined;
    if (product?.kind === 'crop') return [product.code];
    entry.problem(`products[${i}]`, 'must be a known crop by its Chinese name', value);
    return [];
  });
}
