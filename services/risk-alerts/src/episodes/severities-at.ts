/** How bad episodes stood at a moment of the past, by the steps that they had taken until then. */
import { arrayLiteral, type Tx } from '@fangpin/persistence';
import { keyInHousehold } from './episode-id.js';

interface EpisodeRowKey {
  readonly household_id: number;
  readonly cause: string;
  readonly ordinal: number;
}

/** Of one household: severity by {@link keyInHousehold}, 0 of what had ended; nothing of an episode that had not opened. */
export async function severitiesAt(
  tx: Tx,
  episodes: readonly EpisodeRowKey[],
  at: Date,
): Promise<ReadonlyMap<string, number>> {
  const rows = await tx.query<EpisodeRowKey & { severity: number } & Record<string, unknown>>(
    `SELECT DISTINCT ON (cause, ordinal) household_id, cause, ordinal, severity FROM episode_steps
     WHERE household_id = ANY($1::bigint[]) AND step <> 'told' AND at <= $2
     ORDER BY cause, ordinal, at DESC, step_no DESC`,
    [arrayLiteral([...new Set(episodes.map(({ household_id }) => household_id))]), at],
  );
  return new Map(rows.map((row) => [keyInHousehold(row), row.severity]));
}
