/**
 * Withdraws alerts: all of a recalled shock, or those of an earlier revision whom the new one no longer touches. The row is
 * a copy of the last one under the new revision.
 */
import { copyOut, type Tx } from '@fangpin/persistence';
import { epochOf } from '@fangpin/service-kit';
import type { AlertBatches } from './alert-batches.js';
import { alertRevision, lowestRevision } from './alert-revision.js';
import { ALERT_READ_COLUMNS, RAISED, readAlertRow, WITHDRAWN } from './alert-rows.js';
import type { FanOut } from './fan-out.js';
import type { Slice } from './slices.js';
import { TOWNSHIP_SPAN } from './township.js';

/**
 * Stores withdrawn revisions for the slice's households whose last alert is raised and older than this fan-out. The last one
 * of all places counts: a household that has moved has rows of two townships, and only the later one is its own. Alerts in the
 * townships `but` stand.
 */
export async function withdrawOthers(
  tx: Tx,
  slice: Slice,
  fanOut: FanOut,
  but: Iterable<number>,
  batches: AlertBatches,
): Promise<number> {
  const revision = alertRevision(fanOut.shockRevision, await epochOf(tx));
  const { after = 0, upTo = Number.MAX_SAFE_INTEGER } = slice;
  // Along the key, each alert once; nothing is known of a table just filled.
  await tx.query('SET LOCAL enable_sort = off');
  const withdrawn = await tx.execute(
    `INSERT INTO alerts (origin, household_id, revision, duty_code, slice_no, loss_low_fen, loss_fen, loss_high_fen,
       per_capita_fen, projected_fen, persons, state, severity, reasons, inputs, wage_fen_per_worker)
     SELECT origin, household_id, $2, duty_code, $3, loss_low_fen, loss_fen, loss_high_fen, per_capita_fen,
       projected_fen, persons, ${WITHDRAWN}, severity, reasons, inputs, wage_fen_per_worker
     FROM (
       SELECT DISTINCT ON (household_id) * FROM alerts
       WHERE origin = $1 AND household_id > $4 AND household_id <= $5 ORDER BY household_id DESC, revision DESC) AS last
     WHERE state = ${RAISED} AND revision < $6 AND duty_code / ${TOWNSHIP_SPAN} <> ALL($7::bigint[])`,
    [slice.origin, revision, slice.sliceNo, after, upTo, lowestRevision(fanOut.shockRevision), [...but]],
  );
  await tx.query('SET LOCAL enable_sort = on');
  if (withdrawn === 0) return 0;
  await copyOut(
    tx.client,
    `SELECT ${ALERT_READ_COLUMNS} FROM alerts
     WHERE origin = ${slice.origin} AND household_id > ${after} AND household_id <= ${upTo}
       AND slice_no = ${slice.sliceNo} AND state = ${WITHDRAWN} ORDER BY household_id`,
    (row) => batches.add(readAlertRow(row), revision, WITHDRAWN),
  );
  return withdrawn;
}
