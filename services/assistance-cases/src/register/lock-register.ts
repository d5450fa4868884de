import type { Tx } from '@fangpin/persistence';

/** Also in migration 0010 (`households_away`). */
const REGISTER_LOCK = 'assistance-cases:register';
/** While who leaves is waited for alone, triage waits behind it: not for long, and then it is tried again. */
const MOST_WAIT = '250ms';

/**
 * Whoever asks for a visit shares the register while it commits, and who ends visits because a household has left takes it alone for some
 * milliseconds: neither can miss what the other stores just then. Taken before any row is locked. Alone it waits a quarter of a second at most and then fails,
 * for others wait behind it; that passes.
 */
export async function lockRegister(tx: Tx, mode: 'shared' | 'alone'): Promise<void> {
  if (mode === 'shared')
    return void (await tx.query('SELECT pg_advisory_xact_lock_shared(hashtext($1))', [REGISTER_LOCK]));
  const [before] = await tx.query<{ lock_timeout: string }>(
    `SELECT current_setting('lock_timeout') AS lock_timeout, set_config('lock_timeout', $1, true)`,
    [MOST_WAIT],
  );
  await tx.query('SELECT pg_advisory_xact_lock(hashtext($1))', [REGISTER_LOCK]);
  await tx.query(`SELECT set_config('lock_timeout', $1, true)`, [before?.lock_timeout ?? '0']);
}
