import type { LocalSettings } from '@fangpin/persistence';

export interface TransactionLimits {
  /** How long a transaction waits for a lock before it is repeated. */
  readonly lockTimeoutMs: number;
  /** A member that freezes inside its transaction loses it after so long, and with it the locks on its partitions and keys. */
  readonly idleInTransactionMs: number;
}

/** As settings of one transaction. */
export function waitLimits({ lockTimeoutMs, idleInTransactionMs }: TransactionLimits): LocalSettings {
  return {
    lock_timeout: `${lockTimeoutMs}ms`,
    idle_in_transaction_session_timeout: `${idleInTransactionMs}ms`,
  };
}
