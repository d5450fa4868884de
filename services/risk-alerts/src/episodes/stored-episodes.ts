/** Episodes and their steps as rows: read by their keys, and stored set by set. Moments in milliseconds since 1970. */
import type { Cause } from '@fangpin/contracts';
import { int8ArrayParameter, type Tx } from '@fangpin/persistence';
import { insertRows, millisOf, type ColumnsOf } from './columns.js';
import type { BookedHousehold } from './episode-book.js';
import type { EpisodeKey } from './episode-id.js';
import type { Episode } from './episode.rule.js';
import type { EndedWhy } from './followed-alert.rule.js';
import type { StepTaken } from './household-risks.js';
import type { Told } from './telling.rule.js';

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

const MOMENTS = ['opened_at', 'last_raised_at', 'easing_since', 'ended_at', 'told_at'];

/** Whose it is, and where that household is now. */
type Place = Pick<BookedHousehold, 'householdId' | 'dutyCode'>;

/** `tellFrom`: from when on the household is to be told of it. */
export interface StoredEpisode {
  readonly household: Place;
  readonly cause: Cause;
  readonly episode: Episode;
  readonly tellFrom: number | null;
}

const EPISODE_COLUMNS: ColumnsOf<StoredEpisode> = {
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
  readonly household: Place;
  readonly taken: StepTaken;
}

const STEP_COLUMNS: ColumnsOf<StoredStep> = {
  household_id: ['bigint', ({ household }) => household.householdId],
  cause: ['text', ({ taken }) => taken.cause],
  ordinal: ['int', ({ taken }) => taken.ordinal],
  duty_code: ['bigint', ({ household }) => household.dutyCode],
  step: ['text', ({ taken }) => taken.step],
  at: ['moment', ({ taken }) => taken.atMs],
  severity: ['smallint', ({ taken }) => taken.severity],
  origin: ['bigint', ({ taken }) => taken.origin],
};

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

/** What was told of an episode; null while nothing was. */
export function toldOfRow({ told_at, told_severity }: EpisodeRow): Told | null {
  return told_at === null ? null : { atMs: told_at, severity: told_severity ?? 0 };
}

/** Each by its whole key (OFFSET 0): by the household alone the planner walks through all that are in the scope. */
export async function episodesByKey(tx: Tx, keys: readonly EpisodeKey[]): Promise<EpisodeRow[]> {
  if (keys.length === 0) return [];
  return tx.query<EpisodeRow>(
    `SELECT e.household_id, e.duty_code, e.cause, e.ordinal, e.state, e.severity, e.peak_severity, e.ended_why, e.alerts, e.told_severity,
       ${MOMENTS.map(millisOf).join(', ')}
     FROM unnest($1::bigint[], $2::text[], $3::int[]) AS k (household_id, cause, ordinal) CROSS JOIN LATERAL (
       SELECT * FROM risk_episodes
       WHERE household_id = k.household_id AND cause = k.cause AND ordinal = k.ordinal OFFSET 0) AS e`,
    [
      int8ArrayParameter(keys.map(({ householdId }) => householdId)),
      keys.map(({ cause }) => cause),
      keys.map(({ ordinal }) => ordinal),
    ],
  );
}

/** What becomes of episodes: those that are new, those that are stored already, and the steps that they took. */
export class EpisodeChanges {
  readonly added: StoredEpisode[] = [];
  readonly changed: StoredEpisode[] = [];
  readonly steps: StoredStep[] = [];
}

/** In three statements at most, of however many households. */
export async function storeEpisodes(tx: Tx, { added, changed, steps }: EpisodeChanges): Promise<void> {
  // Before those that are new: of a household and cause one is open.
  await insertRows(tx, 'risk_episodes', EPISODE_COLUMNS, changed, 'household_id, cause, ordinal');
  await insertRows(tx, 'risk_episodes', EPISODE_COLUMNS, added);
  await insertRows(tx, 'episode_steps', STEP_COLUMNS, steps);
}
