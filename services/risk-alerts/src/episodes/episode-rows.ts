/** Episodes as rows are read and shown. */
import { levelNames, type Cause, type Level } from '@fangpin/contracts';
import { regionOfDuty, toBeijingTime } from '@fangpin/domain-kit';
import { causeWord } from './cause-words.js';
import { episodeId } from './episode-id.js';
import type { Episode } from './episode.rule.js';
import type { EndedWhy } from './followed-alert.rule.js';
import type { EpisodeResponse } from './episode.responses.js';
import { endedWords } from './step-words.js';
import type { TellingWay } from './telling.request.js';

export interface ShownEpisodeRow extends Record<string, unknown> {
  household_id: number;
  cause: Cause;
  ordinal: number;
  duty_code: number;
  state: Episode['state'];
  opened_at: Date;
  severity: number;
  peak_severity: number;
  last_raised_at: Date;
  easing_since: Date | null;
  ended_at: Date | null;
  ended_why: EndedWhy | null;
  alerts: number;
  told_at: Date | null;
  told_severity: number | null;
  told_how: TellingWay | null;
  told_by: string | null;
  tell_from: Date | null;
}

export const SHOWN_COLUMNS = `household_id, cause, ordinal, duty_code, state, opened_at, severity, peak_severity,
  last_raised_at, easing_since, ended_at, ended_why, alerts, told_at, told_severity, told_how, told_by, tell_from`;

const time = (at: Date | null): string | null => (at === null ? null : toBeijingTime(at));

export function showEpisode(row: ShownEpisodeRow): EpisodeResponse {
  return {
    id: episodeId({ householdId: row.household_id, cause: row.cause, ordinal: row.ordinal }),
    householdId: row.household_id,
    region: regionOfDuty(row.duty_code, 'village'),
    cause: row.cause,
    causeName: causeWord(row.cause),
    state: row.state,
    severity: row.severity,
    severityName: levelNames[row.severity as Level] ?? null,
    peakSeverity: row.peak_severity,
    openedAt: toBeijingTime(row.opened_at),
    lastRaisedAt: toBeijingTime(row.last_raised_at),
    easingSince: time(row.easing_since),
    endedAt: time(row.ended_at),
    endedWhy: row.ended_why,
    endedWhyName: row.ended_why === null ? null : endedWords[row.ended_why],
    alerts: row.alerts,
    told:
      row.told_at === null || row.told_how === null || row.told_by === null
        ? null
        : {
            at: toBeijingTime(row.told_at),
            severity: row.told_severity ?? 0,
            how: row.told_how,
            byRole: row.told_by,
          },
    tellFrom: time(row.tell_from),
  };
}

/** The episode of a row as the rules know it. */
export function episodeOf(row: ShownEpisodeRow): Episode {
  return {
    ordinal: row.ordinal,
    state: row.state,
    openedMs: row.opened_at.getTime(),
    severity: row.severity,
    peak: row.peak_severity,
    lastRaisedMs: row.last_raised_at.getTime(),
    easingSinceMs: row.easing_since?.getTime() ?? null,
    endedMs: row.ended_at?.getTime() ?? null,
    endedWhy: row.ended_why,
    alerts: row.alerts,
  };
}
