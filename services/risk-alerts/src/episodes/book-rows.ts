/** Followed alerts and episodes as rows; moments in milliseconds since 1970. */
import type { Cause } from '@fangpin/contracts';
import type { Episode } from './episode.rule.js';
import type { EndedWhy } from './followed-alert.rule.js';
import type { BookedAlert } from './household-risks.js';

export interface AlertRow extends Record<string, unknown> {
  household_id: number;
  origin: number;
  cause: Cause;
  ordinal: number | null;
  revision: number;
  raised: boolean;
  severity: number;
  held: number;
  lower: number;
  lower_since: number | null;
  closed_revision: number | null;
  case_open: boolean;
  checked_up_to: number | null;
  check_revision: number | null;
  gone_since: number | null;
  raised_at: number;
}

export interface EpisodeRow extends Record<string, unknown> {
  household_id: number;
  duty_code: number;
  cause: Cause;
  ordinal: number;
  state: Episode['state'];
  opened_at: number;
  severity: number;
  peak_severity: number;
  last_raised_at: number;
  easing_since: number | null;
  ended_at: number | null;
  ended_why: EndedWhy | null;
  alerts: number;
  told_at: number | null;
  told_severity: number | null;
}

export const EPISODE_MOMENTS = ['opened_at', 'last_raised_at', 'easing_since', 'ended_at', 'told_at'];

export const ALERT_COLUMNS = {
  household_id: 'bigint',
  origin: 'bigint',
  cause: 'word',
  ordinal: 'int',
  duty_code: 'bigint',
  revision: 'bigint',
  raised: 'boolean',
  severity: 'smallint',
  held: 'smallint',
  lower: 'smallint',
  lower_since: 'moment',
  closed_revision: 'bigint',
  case_open: 'boolean',
  checked_up_to: 'smallint',
  check_revision: 'bigint',
  gone_since: 'moment',
  raised_at: 'moment',
  due_at: 'moment',
} as const;

export const EPISODE_COLUMNS = {
  household_id: 'bigint',
  cause: 'word',
  ordinal: 'int',
  duty_code: 'bigint',
  state: 'word',
  opened_at: 'moment',
  severity: 'smallint',
  peak_severity: 'smallint',
  last_raised_at: 'moment',
  easing_since: 'moment',
  ended_at: 'moment',
  ended_why: 'word',
  alerts: 'int',
  tell_from: 'moment',
} as const;

export const STEP_COLUMNS = {
  household_id: 'bigint',
  cause: 'word',
  ordinal: 'int',
  duty_code: 'bigint',
  step: 'word',
  at: 'moment',
  severity: 'smallint',
  origin: 'bigint',
} as const;

export function alertValues(
  householdId: number,
  dutyCode: number,
  alert: BookedAlert,
  due: number | null,
): (number | boolean | string | null)[] {
  const { origin, cause, ordinal, revision, raised, severity, held, lower } = alert;
  const { closedRevision, caseOpen, checkedUpTo, checkRevision } = alert;
  return [
    ...[householdId, origin, cause, ordinal, dutyCode, revision, raised, severity, held, lower],
    ...[alert.lowerSinceMs, closedRevision, caseOpen, checkedUpTo, checkRevision],
    ...[alert.goneSinceMs, alert.raisedMs, due],
  ];
}

export function episodeValues(
  householdId: number,
  dutyCode: number,
  cause: Cause,
  episode: Episode,
  tellFrom: number | null,
): (number | boolean | string | null)[] {
  const { ordinal, state, severity, peak, endedWhy, alerts } = episode;
  return [
    ...[householdId, cause, ordinal, dutyCode, state, episode.openedMs, severity, peak],
    ...[episode.lastRaisedMs, episode.easingSinceMs, episode.endedMs, endedWhy, alerts],
    tellFrom,
  ];
}

export function alertOfRow(row: AlertRow): BookedAlert {
  return {
    origin: row.origin,
    cause: row.cause,
    ordinal: row.ordinal,
    revision: row.revision,
    raised: row.raised,
    severity: row.severity,
    held: row.held,
    lower: row.lower,
    lowerSinceMs: row.lower_since,
    closedRevision: row.closed_revision,
    caseOpen: row.case_open,
    checkedUpTo: row.checked_up_to,
    checkRevision: row.check_revision,
    goneSinceMs: row.gone_since,
    raisedMs: row.raised_at,
  };
}

export function episodeOfRow(row: EpisodeRow): Episode {
  return {
    ordinal: row.ordinal,
    state: row.state,
    openedMs: row.opened_at,
    severity: row.severity,
    peak: row.peak_severity,
    lastRaisedMs: row.last_raised_at,
    easingSinceMs: row.easing_since,
    endedMs: row.ended_at,
    endedWhy: row.ended_why,
    alerts: row.alerts,
  };
}
