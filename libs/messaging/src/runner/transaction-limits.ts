import type { Tx } from '@fangpin/persistence';

export interface TransactionLimits {
  /** How long a transaction waits for a lock before it is repeated. */
  readonly lockTimeoutMs: number;
  /** A member that freezes inside its transaction loses it after so long, and with it the locks on its partitions and keys. */
  readonly idleInTransactionMs: number;
}

/** For this transaction only. */
export async function limitWaits(tx: Tx, limits: TransactionLimits): Promise<void> {
  await tx.execute(
    "SELECT set_config('lock_timeout', $1, true), set_config('idle_in_transaction_session_timeout', $2, true)",
    [`${limits.lockTimeoutMs}ms`, `${limits.idleInTransactionMs}ms`],
  );
}
