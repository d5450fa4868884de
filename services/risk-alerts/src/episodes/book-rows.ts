/** Followed alerts and episodes as rows; moments in milliseconds since 1970. */
import type { Cause } from '@fangpin/contracts';
import type { ColumnsOf } from './columns.js';
import type { Episode } from './episode.rule.js';
import type { EndedWhy } from './followed-alert.rule.js';
import type { BookedAlert, StepTaken } from './household-risks.js';
import type { BookedHousehold } from './episode-book.js';

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

/** An alert of a household as it is stored; `due`: when time alone changes it. */
export interface StoredAlert {
  readonly household: BookedHousehold;
  readonly alert: BookedAlert;
  readonly due: number | null;
}

export const ALERT_COLUMNS: ColumnsOf<StoredAlert> = {
  household_id: ['bigint', ({ household }) => household.householdId],
  origin: ['bigint', ({ alert }) => alert.origin],
  cause: ['text', ({ alert }) => alert.cause],
  ordinal: ['int', ({ alert }) => alert.ordinal],
  duty_code: ['bigint', ({ household }) => household.dutyCode],
  revision: ['bigint', ({ alert }) => alert.revision],
  raised: ['boolean', ({ alert }) => alert.raised],
  severity: ['smallint', ({ alert }) => alert.severity],
  held: ['smallint', ({ alert }) => alert.held],
  lower: ['smallint', ({ alert }) => alert.lower],
  lower_since: ['moment', ({ alert }) => alert.lowerSinceMs],
  closed_revision: ['bigint', ({ alert }) => alert.closedRevision],
  case_open: ['boolean', ({ alert }) => alert.caseOpen],
  checked_up_to: ['smallint', ({ alert }) => alert.checkedUpTo],
  check_revision: ['bigint', ({ alert }) => alert.checkRevision],
  gone_since: ['moment', ({ alert }) => alert.goneSinceMs],
  raised_at: ['moment', ({ alert }) => alert.raisedMs],
  due_at: ['moment', ({ due }) => due],
};

export interface StoredEpisode {
  readonly household: BookedHousehold;
  readonly cause: Cause;
  readonly episode: Episode;
  readonly tellFrom: number | null;
}

export const EPISODE_COLUMNS: ColumnsOf<StoredEpisode> = {
  household_id: ['bigint', ({ household }) => household.householdId],
  cause: ['text', ({ cause }) => cause],
  ordinal: ['int', ({ episode }) => episode.ordinal],
  duty_code: ['bigint', ({ household }) => household.dutyCode],
  state: ['text', ({ episode }) => episode.state],
  opened_at: ['moment', ({ episode }) => episode.openedMs],
  severity: ['smallint', ({ episode }) => episode.severity],
  peak_severity: ['smallint', ({ episode }) => episode.peak],
  last_raised_at: ['moment', ({ episode }) => episode.lastRaisedMs],
  easing_since: ['moment', ({ episode }) => episode.easingSinceMs],
  ended_at: ['moment', ({ episode }) => episode.endedMs],
  ended_why: ['text', ({ episode }) => episode.endedWhy],
  alerts: ['int', ({ episode }) => episode.alerts],
  tell_from: ['moment', ({ tellFrom }) => tellFrom],
};

export interface StoredStep {
  readonly household: BookedHousehold;
  readonly taken: StepTaken;
}

export const STEP_COLUMNS: ColumnsOf<StoredStep> = {
  household_id: ['bigint', ({ household }) => household.householdId],
  cause: ['text', ({ taken }) => taken.cause],
  ordinal: ['int', ({ taken }) => taken.ordinal],
  duty_code: ['bigint', ({ household }) => household.dutyCode],
  step: ['text', ({ taken }) => taken.step],
  at: ['moment', ({ taken }) => taken.atMs],
  severity: ['smallint', ({ taken }) => taken.severity],
  origin: ['bigint', ({ taken }) => taken.origin],
};

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
