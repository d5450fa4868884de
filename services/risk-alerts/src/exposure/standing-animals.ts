/** Heads that stood in the areas of an animal-disease report at planning: what the heads it counts are a share of. */
import type { Tx } from '@fangpin/persistence';
import type { ShockFacts } from '../loss/shock-facts.js';
import type { ExposureTables } from './exposure-sets.js';

/** By position in the report's areas. */
export async function standingAnimals(tx: Tx, tables: ExposureTables, { animals }: ShockFacts): Promise<number[]> {
  const heads: number[] = [];
  for (const { range, product } of animals) {
    const [row] = await tx.query<{ heads: number }>(
      `SELECT coalesce(sum(l.quantity), 0)::bigint AS heads FROM ${tables.livelihoods} l
       WHERE l.place_code >= $1 AND l.place_code < $2 AND l.product = $3`,
      [range.lo, range.hi, product],
    );
    heads.push(row?.heads ?? 0);
  }
  return heads;
}
