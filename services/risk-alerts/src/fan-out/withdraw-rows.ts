/**
 * Withdraws alerts: all of a recalled shock, or those of an earlier revision whom the new one no longer touches. The row is
 * a copy of the last one under the new revision.
 */
import { copyOut, joiningSets, type Tx } from '@fangpin/persistence';
import { epochOf } from '@fangpin/service-kit';
import type { AlertBatches } from './alert-batches.js';
import { alertRevision } from './alert-revision.js';
import { ALERT_READ_COLUMNS, RAISED, readAlertRow, WITHDRAWN } from './alert-rows.js';
import type { FanOut } from './fan-out.js';
import type { Slice } from './slices.js';
import { TOWNSHIP_SPAN } from './township.js';

/**
 * Stores withdrawn revisions for households of the slice whose last alert is raised and older than this fan-out. The last one
 * of all places counts: a household that has moved has rows of two townships, and only the later one is its own.
 */
export async function withdrawOthers(tx: Tx, slice: Slice, fanOut: FanOut, batches: AlertBatches): Promise<number> {
  const revision = alertRevision(fanOut.shockRevision, await epochOf(tx));
  // The first revision of a shock has nothing to withdraw, and need not look.
  const [earlier] = await tx.query(
    `SELECT 1 FROM slices WHERE origin = $1 AND shock_revision < $2 AND state IN ('stored', 'published') LIMIT 1`,
    [slice.origin, fanOut.shockRevision],
  );
  if (earlier === undefined) return 0;
  // The rows of this shock may be a second old: each of them would be compared with each other one.
  const withdrawn = await joiningSets(tx, () =>
    tx.execute(
      `INSERT INTO alerts (origin, household_id, revision, duty_code, slice_no, loss_low_fen, loss_fen, loss_high_fen,
         per_capita_fen, projected_fen, persons, state, severity, reasons, inputs, wage_fen_per_worker)
       SELECT origin, household_id, $2, duty_code, $3, loss_low_fen, loss_fen, loss_high_fen, per_capita_fen,
         projected_fen, persons, ${WITHDRAWN}, severity, reasons, inputs, wage_fen_per_worker
       FROM alerts a
       WHERE origin = $1 AND duty_code / ${TOWNSHIP_SPAN} = ANY($4::bigint[]) AND state = ${RAISED} AND revision < $2
         AND NOT EXISTS (
           SELECT FROM alerts later
           WHERE later.origin = a.origin AND later.household_id = a.household_id AND later.revision > a.revision)`,
      [slice.origin, revision, slice.sliceNo, slice.townships],
    ),
  );
  if (withdrawn === 0) return 0;
  await copyOut(
    tx.client,
    `SELECT ${ALERT_READ_COLUMNS} FROM alerts
     WHERE origin = ${slice.origin} AND slice_no = ${slice.sliceNo} AND state = ${WITHDRAWN} ORDER BY household_id`,
    (row) => batches.add(readAlertRow(row), revision, WITHDRAWN),
  );
  return withdrawn;
}
