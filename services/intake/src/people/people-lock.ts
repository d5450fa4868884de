import type { Tx } from '@fangpin/persistence';

/**
 * Held by whoever matches people (shared) and whoever learns of them (exclusive), each as its transaction's first lock. Without it a
 * finding and the person it is of could be stored at the same moment, each before the other is seen, and never meet.
 */
export async function takePeople(tx: Tx, how: 'shared' | 'exclusive'): Promise<void> {
  const lock = how === 'shared' ? 'pg_advisory_xact_lock_shared' : 'pg_advisory_xact_lock';
  await tx.query(`SELECT ${lock}(hashtext('intake-people'))`);
}
