import type { Tx } from '@fangpin/persistence';

/**
 * Runs work in a savepoint: undone alone when it fails, together with what it wanted done after the commit (an outbox must
 * not publish rows that were rolled back). Deferred constraints are checked at its end, so that they cannot fail the commit.
 */
export async function inSavepoint(tx: Tx, work: (tx: Tx) => Promise<void>): Promise<void> {
  const afterCommit: (() => void)[] = [];
  await tx.execute('SAVEPOINT part');
  try {
    await work({ ...tx, afterCommit: (callback) => void afterCommit.push(callback) });
    await tx.execute('SET CONSTRAINTS ALL IMMEDIATE');
    await tx.execute('SET CONSTRAINTS ALL DEFERRED');
  } catch (error) {
    await tx.execute('ROLLBACK TO SAVEPOINT part');
    await tx.execute('RELEASE SAVEPOINT part');
    throw error;
  }
  await tx.execute('RELEASE SAVEPOINT part');
  for (const callback of afterCommit) tx.afterCommit(callback);
}
