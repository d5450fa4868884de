/** How episodes follow alerts. */
export interface EpisodeSettings {
  /** Between two looks at what was stored since. */
  readonly lookSeconds: number;
  /** A fan-out that came no longer ago is let through first, until it has settled. */
  readonly asideSeconds: number;
  /** Households that are taken up in one transaction, about. */
  readonly pageRows: number;
  /** So long a round takes up what slices have held back, before the next begins. */
  readonly heldBackSeconds: number;
}

export const EPISODE_SETTINGS = Symbol('EPISODE_SETTINGS');
