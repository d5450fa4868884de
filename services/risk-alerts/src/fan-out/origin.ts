import { createHash } from 'node:crypto';
import type { Cause } from '@fangpin/contracts';

/** The origin number of a shock and a cause: the first 52 bits of a hash. A clash is refused by the table of origins. */
export function originOf(shockId: string, cause: Cause): number {
  const digest = createHash('sha256').update(`${shockId}/${cause}`).digest('hex');
  return Number.parseInt(digest.slice(0, 13), 16);
}
