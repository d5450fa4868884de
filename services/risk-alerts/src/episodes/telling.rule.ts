/**
 * From when on a household is to be told of an episode. Pure, and a function of how the episode stands, so that it can be
 * reckoned anew at any time. No worse than told, and told lately: nothing to tell.
 */
import type { EpisodeLife } from '@fangpin/policy';
import type { Episode } from './episode.rule.js';

export interface Told {
  readonly atMs: number;
  /** The severity that was told; 0 that the alert was withdrawn. */
  readonly severity: number;
}

const HOUR_MS = 3_600_000;

/** Null where there is nothing to tell. What was told and then recalled has to be taken back. */
export function tellFromMs(episode: Episode, told: Told | null, life: EpisodeLife): number | null {
  if (episode.endedMs !== null) {
    const takeBack = told !== null && told.severity > 0 && episode.endedWhy === 'recalled';
    return takeBack ? episode.endedMs : null;
  }
  if (told === null) return episode.openedMs;
  if (episode.severity > told.severity) return Math.max(episode.lastRaisedMs, told.atMs);
  if (episode.lastRaisedMs <= told.atMs) return null;
  return Math.max(episode.lastRaisedMs, told.atMs + life.tellAgainAfterHours * HOUR_MS);
}

/**
 * Until when the household is left in peace once it was told so many times on a day; null while the day has room. What is graver than all
 * that it was told that day is asked for all the same (read-episodes.ts): at most once for each level.
 */
export function quietUntilMs(tellingsOfDay: number, perDay: number, endOfDayMs: number): number | null {
  return tellingsOfDay >= perDay ? endOfDayMs : null;
}
