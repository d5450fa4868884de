/** Asks for counties to be judged anew. Rows are only added, so that nobody waits for a look under way. */
import type { Tx } from '@fangpin/persistence';

/** Townships have nine digits, counties six. */
const TOWNSHIPS_PER_COUNTY = 1_000;

/** Counties that a shock's slices touched, once its fan-out has settled. */
export async function askForLooksAfter(tx: Tx, origin: number): Promise<void> {
  await tx.execute(
    `INSERT INTO regional_looks (county)
     SELECT DISTINCT township / ${TOWNSHIPS_PER_COUNTY} FROM slices, unnest(townships) AS township WHERE origin = $1`,
    [origin],
  );
}

/**
 * All counties that may have something to judge, when the sweep is due: with slices stored in the last year, or a warning
 * that is not over. One instance does it; the next is due `minutes` later. Answers whether it was due.
 */
export async function sweepWhenDue(tx: Tx, minutes: number): Promise<boolean> {
  const [due] = await tx.query('SELECT 1 FROM regional_sweep WHERE due_at <= clock_timestamp() FOR UPDATE SKIP LOCKED');
  if (due === undefined) return false;
  await tx.execute(`UPDATE regional_sweep SET due_at = clock_timestamp() + make_interval(mins => $1)`, [minutes]);
  await tx.execute(
    `INSERT INTO regional_looks (county)
     SELECT DISTINCT township / ${TOWNSHIPS_PER_COUNTY} FROM slices, unnest(townships) AS township
     WHERE stored_at > now() - interval '1 year'
     UNION
     SELECT duty_code / 1000000000 FROM (
       SELECT DISTINCT ON (duty_code, level, rule, subject) duty_code, state FROM regional_alert_history
       ORDER BY duty_code, level, rule, subject, revision DESC) AS last WHERE state <> 'ended'`,
  );
  return true;
}
