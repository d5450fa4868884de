/** Reads the risks of many households at once, and writes what changed of them, set by set. */
import type { Cause } from '@fangpin/contracts';
import { arrayLiteral, type Tx } from '@fangpin/persistence';
import {
  ALERT_COLUMNS,
  alertOfRow,
  alertValues,
  EPISODE_COLUMNS,
  EPISODE_MOMENTS,
  episodeOfRow,
  episodeValues,
  STEP_COLUMNS,
  type AlertRow,
  type EpisodeRow,
} from './book-rows.js';
import { Columns, millisOf } from './columns.js';
import { dueMs, passesMs } from './followed-alert.rule.js';
import { HouseholdRisks, type LifeOf } from './household-risks.js';
import { heldByCases } from './open-cases.js';
import { tellFromMs, type Told } from './telling.rule.js';

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
  const ids = arrayLiteral([...dutyOf.keys()]);
  const alerts = await tx.query<AlertRow>(
    `SELECT household_id, origin, cause, ordinal, revision, raised, severity, held, lower, closed_revision, case_open,
       checked_up_to, check_revision,
       ${['lower_since', 'gone_since', 'raised_at'].map(millisOf).join(', ')} FROM episode_alerts WHERE household_id = ANY($1::bigint[])`,
    [ids],
  );
  const episodes = await tx.query<EpisodeRow>(
    `SELECT DISTINCT ON (household_id, cause) household_id, duty_code, cause, ordinal, state, severity, peak_severity,
       ended_why, alerts, told_severity, ${EPISODE_MOMENTS.map(millisOf).join(', ')}
     FROM risk_episodes WHERE household_id = ANY($1::bigint[]) ORDER BY household_id, cause, ordinal DESC`,
    [ids],
  );
  const passing = alerts.filter(
    (row) =>
      row.held > 0 &&
      !row.case_open &&
      passesMs({ raisedMs: row.raised_at }, lifeOf(dutyOf.get(row.household_id) ?? 0)(row.cause)) <= now.getTime(),
  );
  const held = Map.groupBy(await heldByCases(tx, passing), (row) => row.household_id);
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
      for (const { origin } of held.get(householdId) ?? []) risks.heldByCase(origin);
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

function toldOfRow({ cause, ordinal, told_at, told_severity }: EpisodeRow): (readonly [string, Told])[] {
  if (told_at === null) return [];
  return [[toldKey(cause, ordinal), { atMs: told_at, severity: told_severity ?? 0 }]];
}
