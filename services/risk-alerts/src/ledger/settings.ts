/** Limits of the ledger's own work: of the machine, not of the domain, so they are settings, not policy. */
export interface LedgerSettings {
  /** Live ledgers that one instance keeps open; each holds a connection, here and at the gateway. */
  readonly listeners: number;
  /** Of these, how many one account may hold. */
  readonly listenersPerAccount: number;
  /** So long a stream lasts; then its client comes again, with a token that may have expired meanwhile. */
  readonly listenSeconds: number;
  /** A slice that has failed so often counts as stuck … */
  readonly stuckAfterAttempts: number;
  /** … and so does one that is not published so many seconds after it was cut. */
  readonly stuckAfterSeconds: number;
}

export const LEDGER_SETTINGS = Symbol('LEDGER_SETTINGS');
