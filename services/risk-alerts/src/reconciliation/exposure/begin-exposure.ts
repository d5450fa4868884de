import type { Tx } from '@fangpin/persistence';
import { liveExposure } from '../../exposure/exposure-sets.js';
import { TOWNSHIP_SPAN } from '../../fan-out/township.js';
import { SUBJECTS } from './subjects.js';

/**
 * Notes what is to be compared: every township that the exposure holds, with either owner, and a census of each owner, for
 * townships of which nothing is held. Asking and reckoning are left to the worker.
 */
export async function beginExposure(tx: Tx, reconciliation: number): Promise<void> {
  const { households } = await liveExposure(tx, 'read');
  await tx.execute(
    `INSERT INTO reconciliation_exposure (reconciliation_no, subject, duty_code, census)
     SELECT $1, subject, place.duty_code, place.census FROM unnest($2::text[]) AS s (subject), (
       SELECT $3::bigint AS duty_code, true AS census
       UNION SELECT DISTINCT duty_code / ${TOWNSHIP_SPAN} * ${TOWNSHIP_SPAN}, false FROM ${households}) AS place`,
    [reconciliation, SUBJECTS, tx.scope.lo],
  );
}
