import type { Product } from '@fangpin/contracts';
import type { RegionCode } from '@fangpin/domain-kit';
import { underPolicy, type CropLoss, type PolicySet } from '@fangpin/policy';

/** Nothing where the version has no record: shocks are judged by the version they came with, which may be older than a product. */
export function cropPolicy(policy: PolicySet, region: RegionCode, day: string, product: Product): CropLoss | undefined {
  return underPolicy(() => policy.get('crop-loss', region, day, product.key).value);
}
