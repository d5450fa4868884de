/** Townships that a shock touches now and that no slice of it, and no later look, was of: the plan may have missed them. */
import { arrayLiteral, type Tx } from '@fangpin/persistence';
import { liveExposure } from '../../exposure/exposure-sets.js';
import { townshipSizesSql } from '../../exposure/touched.js';
import type { FanOut } from '../../fan-out/fan-out.js';
import { TOWNSHIP_SPAN } from '../../fan-out/township.js';
import type { JudgementRow } from './judgement-rows.js';

/** In any order, so that of many each has its turn. By the same question as the plan's own, as of today. */
export async function unplannedTownships(
  tx: Tx,
  { origin, shockRevision, shock }: FanOut,
  products: readonly number[],
): Promise<number[]> {
  const tables = await liveExposure(tx, 'read');
  await tx.execute(`SET LOCAL work_mem = '32MB'`);
  const rows = await tx.query<{ township: number }>(
    `WITH touched AS MATERIALIZED (${townshipSizesSql(tables, shock, products)}), planned AS (
       SELECT unnest(townships) AS township FROM slices
       WHERE origin = $1 AND shock_revision = $2 AND direction IN ('raise', 'relook'))
     SELECT township FROM touched WHERE township NOT IN (SELECT township FROM planned) ORDER BY random()`,
    [origin, shockRevision],
  );
  return rows.map(({ township }) => township);
}

/** Has townships compared in the comparison of a row, as if they had been picked at its beginning. */
export async function addTownships(tx: Tx, row: JudgementRow, townships: readonly number[]): Promise<void> {
  await tx.execute(
    `INSERT INTO reconciliation_judgements (reconciliation_no, origin, duty_code, shock_revision)
     SELECT $1, $2, township * ${TOWNSHIP_SPAN}, $3 FROM unnest($4::bigint[]) AS t (township) ON CONFLICT DO NOTHING`,
    [row.reconciliation_no, row.origin, row.shock_revision, arrayLiteral(townships)],
  );
}
