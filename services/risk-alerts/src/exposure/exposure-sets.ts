/**
 * The exposure projection has two sets of tables of the same shape (`a`, `b`): one is read, the other can be rebuilt from
 * the topics meanwhile. This file knows their names and which one is live.
 */
import type { Tx } from '@fangpin/persistence';

export type ExposureSet = 'a' | 'b';

export interface ExposureTables {
  readonly set: ExposureSet;
  readonly households: string;
  readonly livelihoods: string;
}

export function exposureTables(set: ExposureSet): ExposureTables {
  return { set, households: `exposure_${set}`, livelihoods: `exposure_livelihood_${set}` };
}

export function otherSet(set: ExposureSet): ExposureSet {
  return set === 'a' ? 'b' : 'a';
}

/**
 * The live set. A writer holds the pointer until its commit, so that a swap waits for it; a reader takes it as it is.
 */
export async function liveExposure(tx: Tx, use: 'read' | 'write'): Promise<ExposureTables> {
  const lock = use === 'write' ? ' FOR SHARE' : '';
  const [row] = await tx.query<{ live: ExposureSet }>(`SELECT live FROM exposure_current${lock}`);
  if (row === undefined) throw new Error('exposure_current has no row');
  return exposureTables(row.live);
}
