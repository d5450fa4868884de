/**
 * Policy values of risk episodes: how long the risk of a household and cause stays as it is, and how often a household is told
 * of it. No figure is published for any of them (rulebook §3.7 names ladders without days).
 */

/** The life of an episode of one cause (`episode-life`, subject: the cause). Days by the calendar, counted as 24 hours. */
export interface EpisodeLife {
  /** A lower severity counts once an alert has stayed below for so many days. */
  readonly easeAfterDays: number;
  /** An alert whose case has ended counts for nothing after so many days; a withdrawn one at once. */
  readonly endAfterDays: number;
  /** A new alert within so many days of the end takes up the same episode. */
  readonly reissueWithinDays: number;
  /** An alert that nobody answered or renewed counts for so many days. */
  readonly standsDays: number;
  /** After a telling, what is no worse than was told is not told again for so many hours. */
  readonly tellAgainAfterHours: number;
}

/** How often a household is told, over all of its causes. */
export interface Tellings {
  readonly perDay: number;
}

/**
 * When an alert of a finding is put right after the income or the members of its household have changed and it is no graver for that: once nothing has
 * changed for `restHours`, and `latestHours` after the first change in any case. An income or a loss is to be put right where it differs by
 * that share of what was said.
 */
export interface ChangedHousehold {
  readonly restHours: number;
  readonly latestHours: number;
  readonly fromShare: number;
}

/** One value for a place and day. */
export interface EpisodeSingleValues {
  tellings: Tellings;
  'changed-household': ChangedHousehold;
}

/** One value for each cause of risk. */
export interface EpisodeSubjectValues {
  'episode-life': EpisodeLife;
}
