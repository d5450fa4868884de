import type { Tx } from '@fangpin/persistence';

const LEDGER_LOCK = 'income-monitoring:ledger';

/**
 * The bulk writer may only insert, so it can lock no row; instead it takes the ledger for itself for a batch (under a
 * second) while everybody else shares it. Taken first in a transaction, before any row lock.
 */
export async function takeLedger(tx: Tx, mode: 'shared' | 'alone'): Promise<void> {
  const lock = mode === 'shared' ? 'pg_advisory_xact_lock_shared' : 'pg_advisory_xact_lock';
  await tx.query(`SELECT ${lock}(hashtext($1))`, [LEDGER_LOCK]);
}
