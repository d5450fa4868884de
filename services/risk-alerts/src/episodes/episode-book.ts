/** Reads the risks of many households at once, and writes what changed of them, set by set. */
import type { Cause } from '@fangpin/contracts';
import { arrayLiteral, type Tx } from '@fangpin/persistence';
import type { Episode } from './episode.rule.js';
import { dueMs, type EndedWhy } from './followed-alert.rule.js';
import { HouseholdRisks, type BookedAlert, type LifeOf } from './household-risks.js';
import { tellFromMs, type Told } from './telling.rule.js';
import { Columns, millisOf } from './columns.js';

interface AlertRow extends Record<string, unknown> {
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
  gone_since: number | null;
  raised_at: number;
}

interface EpisodeRow extends Record<string, unknown> {
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

/** A household of the book, and what was told of its episodes by cause and ordinal. */
export interface BookedHousehold {
  readonly householdId: number;
  readonly risks: HouseholdRisks;
  /** Where it is now: what changes of it is stored there. */
  readonly dutyCode: number;
  readonly told: ReadonlyMap<string, Told>;
}

export const toldKey = (cause: Cause, ordinal: number): string => `${cause}/${ordinal}`;

/** Key of the lock that keeps what is told of an episode and what becomes of it apart. */
export const BOOK_LOCK = 0x6570;

/** Opens the book at some households; held until the transaction ends. `lifeOf` by duty code. */
export async function openBook(
  tx: Tx,
  dutyOf: ReadonlyMap<number, number>,
  lifeOf: (dutyCode: number) => LifeOf,
): Promise<Map<number, BookedHousehold>> {
  await tx.query('SELECT pg_advisory_xact_lock($1, 0)', [BOOK_LOCK]);
  const ids = arrayLiteral([...dutyOf.keys()]);
  const alerts = await tx.query<AlertRow>(
    `SELECT household_id, origin, cause, ordinal, revision, raised, severity, held, lower, closed_revision,
       ${['lower_since', 'gone_since', 'raised_at'].map(millisOf).join(', ')} FROM episode_alerts WHERE household_id = ANY($1::bigint[])`,
    [ids],
  );
  const episodes = await tx.query<EpisodeRow>(
    `SELECT DISTINCT ON (household_id, cause) household_id, duty_code, cause, ordinal, state, severity, peak_severity,
       ended_why, alerts, told_severity, ${EPISODE_MOMENTS.map(millisOf).join(', ')}
     FROM risk_episodes WHERE household_id = ANY($1::bigint[]) ORDER BY household_id, cause, ordinal DESC`,
    [ids],
  );
  const alertsOf = Map.groupBy(alerts, (row) => row.household_id);
  const episodesOf = Map.groupBy(episodes, (row) => row.household_id);
  return new Map(
    [...dutyOf].map(([householdId, dutyCode]) => {
      const own = episodesOf.get(householdId) ?? [];
      const risks = new HouseholdRisks(
        lifeOf(dutyCode),
        (alertsOf.get(householdId) ?? []).map(alertOfRow),
        own.map((row) => [row.cause, episodeOfRow(row)] as const),
      );
      // A household that has moved takes along what is open.
      for (const row of own) if (row.state === 'open' && row.duty_code !== dutyCode) risks.touch(row.cause);
      const told = new Map(own.flatMap((row) => toldOfRow(row)));
      return [householdId, { householdId, risks, dutyCode, told }] as const;
    }),
  );
}

/** Stores what changed of the households: their alerts and episodes, and the steps that they took. */
export async function storeBook(
  tx: Tx,
  households: Iterable<BookedHousehold>,
  lifeOf: (dutyCode: number) => LifeOf,
): Promise<number> {
  const alerts = new Columns(ALERT_COLUMNS);
  const episodes = new Columns(EPISODE_COLUMNS);
  const steps = new Columns(STEP_COLUMNS);
  for (const { householdId, risks, dutyCode, told } of households) {
    for (const cause of risks.changedCauses) {
      const life = lifeOf(dutyCode)(cause);
      for (const alert of risks.alerts(cause))
        if (risks.changedAlerts.has(alert.origin))
          alerts.add(alertValues(householdId, dutyCode, alert, dueMs(alert, life)));
      const episode = risks.episode(cause);
      if (episode === undefined) continue;
      const tellFrom = tellFromMs(episode, told.get(toldKey(cause, episode.ordinal)) ?? null, life);
      episodes.add(episodeValues(householdId, dutyCode, cause, episode, tellFrom));
    }
    for (const { cause, ordinal, step, atMs, severity, origin } of risks.steps)
      steps.add([householdId, cause, ordinal, dutyCode, step, atMs, severity, origin]);
  }
  await alerts.insertInto(tx, 'episode_alerts', 'household_id, origin');
  await episodes.insertInto(tx, 'risk_episodes', 'household_id, cause, ordinal');
  await steps.insertInto(tx, 'episode_steps');
  return episodes.size;
}

const EPISODE_MOMENTS = ['opened_at', 'last_raised_at', 'easing_since', 'ended_at', 'told_at'];

const ALERT_COLUMNS = {
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
  gone_since: 'moment',
  raised_at: 'moment',
  due_at: 'moment',
} as const;

const EPISODE_COLUMNS = {
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

const STEP_COLUMNS = {
  household_id: 'bigint',
  cause: 'word',
  ordinal: 'int',
  duty_code: 'bigint',
  step: 'word',
  at: 'moment',
  severity: 'smallint',
  origin: 'bigint',
} as const;

function alertValues(
  householdId: number,
  dutyCode: number,
  alert: BookedAlert,
  due: number | null,
): (number | boolean | string | null)[] {
  const { origin, cause, ordinal, revision, raised, severity, held, lower, closedRevision } = alert;
  return [
    ...[householdId, origin, cause, ordinal, dutyCode, revision, raised, severity, held, lower],
    ...[alert.lowerSinceMs, closedRevision, alert.goneSinceMs, alert.raisedMs, due],
  ];
}

function episodeValues(
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

function alertOfRow(row: AlertRow): BookedAlert {
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
    goneSinceMs: row.gone_since,
    raisedMs: row.raised_at,
  };
}

function episodeOfRow(row: EpisodeRow): Episode {
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

function toldOfRow({ cause, ordinal, told_at, told_severity }: EpisodeRow): (readonly [string, Told])[] {
  if (told_at === null) return [];
  return [[toldKey(cause, ordinal), { atMs: told_at, severity: told_severity ?? 0 }]];
}
