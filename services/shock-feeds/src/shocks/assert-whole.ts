/** Who may say what takes the place of what was said of a shock. */
import { assertWithin, type Caller } from '@fangpin/service-kit';
import type { ShockEntity } from './shock.entity.js';

/**
 * 403 where the shock reaches beyond the caller's area: what follows from the word follows everywhere, so that one of the
 * prefecture or province has to say it. A shock of their own anybody may begin anywhere; this is for words on one that is known.
 */
export function assertWhole(caller: Pick<Caller, 'region'>, { regions }: Pick<ShockEntity, 'regions'>): void {
  for (const region of regions) assertWithin(caller, region);
}
