import { contains, OutsideScope, type RegionCode } from '@fangpin/domain-kit';
import type { Caller } from './roles.js';

/** Throws {@link OutsideScope} (403) unless the area lies in the caller's. */
export function assertWithin(caller: Pick<Caller, 'region'>, region: RegionCode): void {
  if (!contains(caller.region, region)) throw new OutsideScope(region);
}
