export const FINDING_SETTINGS = Symbol('finding settings');

export interface FindingSettings {
  /** How often findings that wait for their household are looked for, beside being judged when it comes. */
  readonly lookSeconds: number;
}
