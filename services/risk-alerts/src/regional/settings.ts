/** How often early warnings are judged anew without cause: time alone eases and ends them. */
export interface RegionalSettings {
  readonly sweepMinutes: number;
  /** Between two looks for counties that wait to be judged. */
  readonly lookSeconds: number;
}

export const REGIONAL_SETTINGS = Symbol('REGIONAL_SETTINGS');
