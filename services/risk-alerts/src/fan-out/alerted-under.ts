import type { Tx } from '@fangpin/persistence';
import type { ExposureTables } from '../exposure/exposure-sets.js';
import { lowestRevision } from './alert-revision.js';
import type { Slice } from './slices.js';
import { TOWNSHIP_SPAN } from './township.js';

/** The last alert of a household under one revision of a shock. */
interface AlertUnder {
  readonly revision: number;
  readonly state: number;
}

/**
 * Those who live in the townships of a slice and were alerted under its revision already, by another slice or a look, each with the last
 * alert. One that was withdrawn is raised by a further revision where the slice finds it exposed.
 */
export async function alertedUnder(
  tx: Tx,
  { households }: ExposureTables,
  { origin, shockRevision, townships }: Slice,
): Promise<ReadonlyMap<number, AlertUnder>> {
  const rows = await tx.query<AlertUnder & { readonly id: number }>(
    // Household by household along the key: a retry must not read all that the shock has raised.
    `SELECT h.household_id AS id, a.revision, a.state FROM ${households} h CROSS JOIN LATERAL (
       SELECT revision, state FROM alerts a WHERE a.origin = $1 AND a.household_id = h.household_id AND a.revision >= $2
       ORDER BY a.revision DESC LIMIT 1) AS a
     WHERE h.duty_code >= $4 AND h.duty_code < $5 AND h.duty_code / ${TOWNSHIP_SPAN} = ANY($3::bigint[])`,
    [
      origin,
      lowestRevision(shockRevision),
      [...townships],
      Math.min(...townships) * TOWNSHIP_SPAN,
      (Math.max(...townships) + 1) * TOWNSHIP_SPAN,
    ],
  );
  return new Map(rows.map(({ id, ...last }) => [id, last]));
}
