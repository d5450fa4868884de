/** How exposure, alerts and answers are compared with the other services: of the machine, not of the domain. */
export interface ReconciliationSettings {
  readonly everyHours: number;
  /** Shocks settled or begun within so many days are compared. */
  readonly days: number;
  /** What was published, or changed by its owner, less than so long ago is left to settle by itself. */
  readonly quietSeconds: number;
  /** After publishing again, or having it said again: before it asks again. */
  readonly restSeconds: number;
  /** Without a reply for so long it asks again. */
  readonly silentSeconds: number;
  /** So often it asks; what differs then is an alarm. */
  readonly rounds: number;
  /** In so many townships of a shock a comparison counts again whom it touches … */
  readonly townshipsOfShock: number;
  /** … and in so many of all shocks together. */
  readonly townships: number;
  /** So long after its end the rows of a comparison are kept; then its figures and what it found. */
  readonly keepDays: number;
  /** Between two looks for what is due. */
  readonly lookSeconds: number;
}

export const RECONCILIATION_SETTINGS = Symbol('RECONCILIATION_SETTINGS');
