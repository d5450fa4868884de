/** Reads the risks of many households at once, and writes what changed of them, set by set. */
import type { Cause } from '@fangpin/contracts';
import { int8ArrayParameter, type Tx } from '@fangpin/persistence';
import { insertRows, millisOf } from './columns.js';
import { keyInHousehold, type EpisodeKey } from './episode-id.js';
import type { Episode } from './episode.rule.js';
import { dueMs, passesMs } from './followed-alert.rule.js';
import { HouseholdRisks, type LifeOf } from './household-risks.js';
import { heldByCases } from './open-cases.js';
import { ALERT_COLUMNS, alertOfRow, type AlertRow, type StoredAlert } from './stored-alerts.js';
import {
  EpisodeChanges,
  episodeOfRow,
  episodesByKey,
  storeEpisodes,
  toldOfRow,
  type EpisodeRow,
} from './stored-episodes.js';
import { tellFromMs, type Told } from './telling.rule.js';

/** A household of the book, and what was told of its episodes by {@link keyInHousehold}. */
export interface BookedHousehold {
  readonly householdId: number;
  readonly risks: HouseholdRisks;
  /** Where it is now: what changes of it is stored there. */
  readonly dutyCode: number;
  readonly told: ReadonlyMap<string, Told | null>;
  readonly stored: Stored;
}

/** What is stored of a household already: its alerts by origin, and the last episode of each cause. What is not is only added. */
interface Stored {
  readonly alerts: ReadonlySet<number>;
  readonly ordinals: ReadonlyMap<Cause, number>;
}

/** Key of the lock that keeps what is told of an episode and what becomes of it apart. */
export const BOOK_LOCK = 0x6570;

/**
 * Opens the book at some households; held until the transaction ends. `lifeOf` by duty code. What would pass by `now` though an open case
 * answers it is held first, so that nothing which happens to the household lets it pass.
 */
export async function openBook(
  tx: Tx,
  dutyOf: ReadonlyMap<number, number>,
  lifeOf: (dutyCode: number) => LifeOf,
  now: Date,
): Promise<Map<number, BookedHousehold>> {
  await tx.query('SELECT pg_advisory_xact_lock($1, 0)', [BOOK_LOCK]);
  const alerts = await tx.query<AlertRow>(
    `SELECT household_id, origin, cause, ordinal, revision, raised, severity, held, lower, closed_revision, case_open,
       checked_up_to, check_revision,
       ${['lower_since', 'gone_since', 'raised_at'].map(millisOf).join(', ')} FROM episode_alerts WHERE household_id = ANY($1::bigint[])`,
    [int8ArrayParameter([...dutyOf.keys()])],
  );
  const alertsOf = Map.groupBy(alerts, (row) => row.household_id);
  const episodesOf = Map.groupBy(await lastEpisodes(tx, alerts), (row) => row.household_id);
  const passing = alerts.filter(
    (row) =>
      row.held > 0 &&
      !row.case_open &&
      passesMs({ raisedMs: row.raised_at }, lifeOf(dutyOf.get(row.household_id) ?? 0)(row.cause)) <= now.getTime(),
  );
  const held = Map.groupBy(await heldByCases(tx, passing), (row) => row.household_id);
  const book = new Map<number, BookedHousehold>();
  for (const [householdId, dutyCode] of dutyOf) {
    const [fed, own] = [alertsOf.get(householdId), episodesOf.get(householdId) ?? []];
    if (fed === undefined) {
      book.set(householdId, { householdId, risks: new HouseholdRisks(lifeOf(dutyCode)), dutyCode, ...NOTHING_KNOWN });
      continue;
    }
    const risks = new HouseholdRisks(
      lifeOf(dutyCode),
      fed.map(alertOfRow),
      own.map((row) => [row.cause, episodeOfRow(row)] as const),
    );
    for (const { origin } of held.get(householdId) ?? []) risks.heldByCase(origin);
    // A household that has moved takes along what is open.
    for (const row of own) if (row.state === 'open' && row.duty_code !== dutyCode) risks.touch(row.cause);
    const told = new Map(own.map((row) => [keyInHousehold(row), toldOfRow(row)]));
    const stored = {
      alerts: new Set(fed.map(({ origin }) => origin)),
      ordinals: new Map(own.map(({ cause, ordinal }) => [cause, ordinal])),
    };
    book.set(householdId, { householdId, risks, dutyCode, told, stored });
  }
  return book;
}

const NOTHING_KNOWN: Pick<BookedHousehold, 'told' | 'stored'> = {
  told: new Map(),
  stored: { alerts: new Set(), ordinals: new Map() },
};

/** The last episode of each household and cause that alerts have fed: none is without an alert that names it. */
async function lastEpisodes(tx: Tx, alerts: readonly AlertRow[]): Promise<EpisodeRow[]> {
  const last = new Map<string, EpisodeKey>();
  for (const { household_id: householdId, cause, ordinal } of alerts) {
    const key = `${householdId}/${cause}`;
    if (ordinal !== null && ordinal > (last.get(key)?.ordinal ?? 0)) last.set(key, { householdId, cause, ordinal });
  }
  return episodesByKey(tx, [...last.values()]);
}

/** Stores what changed of the households: their alerts and episodes, and the steps that they took. */
export async function storeBook(
  tx: Tx,
  households: Iterable<BookedHousehold>,
  lifeOf: (dutyCode: number) => LifeOf,
): Promise<void> {
  const alerts = { added: [] as StoredAlert[], changed: [] as StoredAlert[] };
  const episodes = new EpisodeChanges();
  for (const household of households) {
    const { risks, dutyCode, told, stored } = household;
    const lives = lifeOf(dutyCode);
    const keep = (cause: Cause, episode: Episode): void => {
      const { ordinal } = episode;
      const tellFrom = tellFromMs(episode, told.get(keyInHousehold({ cause, ordinal })) ?? null, lives(cause));
      const to = ordinal <= (stored.ordinals.get(cause) ?? 0) ? episodes.changed : episodes.added;
      to.push({ household, cause, episode, tellFrom });
    };
    for (const [cause, episode] of risks.past) keep(cause, episode);
    for (const cause of risks.changedCauses) {
      for (const alert of risks.alerts(cause)) {
        if (!risks.changedAlerts.has(alert.origin)) continue;
        const to = stored.alerts.has(alert.origin) ? alerts.changed : alerts.added;
        to.push({ household, alert, due: dueMs(alert, lives(cause)) });
      }
      const episode = risks.episode(cause);
      if (episode !== undefined) keep(cause, episode);
    }
    for (const taken of risks.steps) episodes.steps.push({ household, taken });
  }
  await insertRows(tx, 'episode_alerts', ALERT_COLUMNS, alerts.added);
  await insertRows(tx, 'episode_alerts', ALERT_COLUMNS, alerts.changed, 'household_id, origin');
  await storeEpisodes(tx, episodes);
}
