import { findProduct } from '@fangpin/contracts';

/**
 * Wages of a year for each member at work, fen; null where they are not on record: a year without wages says so where there is
 * a job. `flat`: livelihoods as the exposure keeps them (product, quantity, place, …).
 */
export function wageFenPerWorker(wageFen: number | null, flat: readonly number[]): number | null {
  let workers = 0;
  for (let i = 0; i + 2 < flat.length; i += 3)
    if (findProduct(flat[i] as number)?.kind === 'job') workers += flat[i + 1] as number;
  return wageFen !== null && wageFen > 0 && workers > 0 ? Math.round(wageFen / workers) : null;
}
