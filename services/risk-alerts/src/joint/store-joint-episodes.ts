/** Keeps the episodes of joint alerts that add up losses held back, in the transaction that stores how the alerts stand. */
import { JOINT_CAUSE } from '@fangpin/contracts';
import { int8ArrayParameter, type Tx } from '@fangpin/persistence';
import type { EpisodeLife } from '@fangpin/policy';
import {
  EPISODE_COLUMNS,
  EPISODE_MOMENTS,
  episodeOfRow,
  STEP_COLUMNS,
  type EpisodeRow,
  type StoredEpisode,
  type StoredStep,
} from '../episodes/book-rows.js';
import { insertRows, millisOf } from '../episodes/columns.js';
import { tellFromMs } from '../episodes/telling.rule.js';
import { jointEpisodeAfter, type JointChange } from './joint-episode.rule.js';
import type { JointRow } from './joint-rows.js';

export async function storeJointEpisodes(
  tx: Tx,
  changes: readonly (JointChange & { readonly row: JointRow })[],
  lifeOf: (dutyCode: number) => EpisodeLife,
  now: Date,
): Promise<void> {
  const known = await episodesOf(tx, changes);
  const episodes = { added: [] as StoredEpisode[], changed: [] as StoredEpisode[] };
  const steps: StoredStep[] = [];
  for (const change of changes) {
    const { household } = change.one;
    const { origin, ordinal } = change.row;
    const before = known.get(household.householdId);
    const after = jointEpisodeAfter(before && episodeOfRow(before), change, now.getTime());
    if (after?.episode === undefined) continue;
    const { episode, step } = after;
    const told =
      before === undefined || before.told_at === null
        ? null
        : { atMs: before.told_at, severity: before.told_severity ?? 0 };
    const tellFrom = tellFromMs(episode, told, lifeOf(household.dutyCode));
    const to = before === undefined ? episodes.added : episodes.changed;
    to.push({ household, cause: JOINT_CAUSE, episode, tellFrom });
    if (step === undefined) continue;
    const { severity } = episode;
    steps.push({ household, taken: { cause: JOINT_CAUSE, ordinal, step, atMs: now.getTime(), severity, origin } });
  }
  await insertRows(tx, 'risk_episodes', EPISODE_COLUMNS, episodes.changed, 'household_id, cause, ordinal');
  await insertRows(tx, 'risk_episodes', EPISODE_COLUMNS, episodes.added);
  await insertRows(tx, 'episode_steps', STEP_COLUMNS, steps);
}

/** By household the episode of the alert that changes, each by its whole key (OFFSET 0); one that is raised only now has none. */
async function episodesOf(
  tx: Tx,
  changes: readonly (JointChange & { readonly row: JointRow })[],
): Promise<Map<number, EpisodeRow>> {
  const rows = changes.filter(({ one, row }) => one.last?.ordinal === row.ordinal).map(({ row }) => row);
  if (rows.length === 0) return new Map();
  const found = await tx.query<EpisodeRow>(
    `SELECT e.household_id, e.duty_code, e.cause, e.ordinal, e.state, e.severity, e.peak_severity, e.ended_why, e.alerts, e.told_severity,
       ${EPISODE_MOMENTS.map(millisOf).join(', ')}
     FROM unnest($1::bigint[], $2::bigint[]) AS k (household_id, ordinal) CROSS JOIN LATERAL (
       SELECT * FROM risk_episodes
       WHERE household_id = k.household_id AND cause = '${JOINT_CAUSE}' AND ordinal = k.ordinal OFFSET 0) AS e`,
    [int8ArrayParameter(rows.map((row) => row.householdId)), int8ArrayParameter(rows.map((row) => row.ordinal))],
  );
  return new Map(found.map((row) => [row.household_id, row]));
}
