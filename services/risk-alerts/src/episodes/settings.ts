/** How episodes follow alerts. */
export interface EpisodeSettings {
  /** Between two looks at what was stored since. */
  readonly lookSeconds: number;
  /** Households that are taken up in one transaction, about. */
  readonly pageRows: number;
}

export const EPISODE_SETTINGS = Symbol('EPISODE_SETTINGS');
