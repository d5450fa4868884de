import type { Tx } from './database.js';

/**
 * For statements that join whole sets: without nested loops. Row-level security hides from the planner how many rows a
 * condition leaves, and nothing is known of a table that was filled a second ago; it then takes a set for one row and
 * compares each of a hundred thousand with each (a ledger that takes 0.2 s took over twenty minutes).
 */
export async function joiningSets<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  await tx.query('SET LOCAL enable_nestloop = off');
  const result = await work();
  // After a failure the transaction is over, and the setting with it.
  await tx.query('SET LOCAL enable_nestloop = on');
  return result;
}
