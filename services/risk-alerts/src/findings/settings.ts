export const FINDING_SETTINGS = Symbol('finding settings');

export interface FindingSettings {
  /** How often findings that wait for their household are looked for (they are judged when it comes), and those not answered. */
  readonly lookSeconds: number;
  /** How long after its publishing an alert may go without an answer before it is published again. */
  readonly quietSeconds: number;
}
