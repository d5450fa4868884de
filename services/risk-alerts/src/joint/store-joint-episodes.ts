/** Keeps the episodes of joint alerts that add up losses held back, in the transaction that stores how the alerts stand. */
import { JOINT_CAUSE } from '@fangpin/contracts';
import type { Tx } from '@fangpin/persistence';
import type { EpisodeLife } from '@fangpin/policy';
import type { EpisodeKey } from '../episodes/episode-id.js';
import {
  EpisodeChanges,
  episodeOfRow,
  episodesByKey,
  storeEpisodes,
  toldOfRow,
  type EpisodeRow,
} from '../episodes/stored-episodes.js';
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
  const episodes = new EpisodeChanges();
  for (const change of changes) {
    const { household } = change.one;
    const { origin, ordinal } = change.row;
    const before = known.get(household.householdId);
    const after = jointEpisodeAfter(before && episodeOfRow(before), change, now.getTime());
    if (after?.episode === undefined) continue;
    const { episode, step } = after;
    const told = before === undefined ? null : toldOfRow(before);
    const tellFrom = tellFromMs(episode, told, lifeOf(household.dutyCode));
    const to = before === undefined ? episodes.added : episodes.changed;
    to.push({ household, cause: JOINT_CAUSE, episode, tellFrom });
    if (step === undefined) continue;
    const { severity } = episode;
    episodes.steps.push({
      household,
      taken: { cause: JOINT_CAUSE, ordinal, step, atMs: now.getTime(), severity, origin },
    });
  }
  await storeEpisodes(tx, episodes);
}

/** By household the episode of the alert that changes; one that is raised only now has none. */
async function episodesOf(
  tx: Tx,
  changes: readonly (JointChange & { readonly row: JointRow })[],
): Promise<Map<number, EpisodeRow>> {
  const keys = changes
    .filter(({ one, row }) => one.last?.ordinal === row.ordinal)
    .map(({ row: { householdId, ordinal } }): EpisodeKey => ({ householdId, cause: JOINT_CAUSE, ordinal }));
  const found = await episodesByKey(tx, keys);
  return new Map(found.map((row) => [row.household_id, row]));
}
