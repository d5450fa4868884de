/** Under which fan-outs households that change are looked at (current-fan-out.ts). */
import type { Tx } from '@fangpin/persistence';
import { IS_OPEN } from './current-fan-out.js';
import { findFanOuts, type FanOut } from './fan-out.js';

/**
 * The fan-outs under which changed households are looked at; and whether any of them moves, or one may join them: then the households
 * are looked at once more, when the slices that run now are stored, and the townships that are being counted are planned.
 */
export async function openFanOuts(tx: Tx): Promise<{ readonly open: readonly FanOut[]; readonly moves: boolean }> {
  // Asked before who is open: what is planned between the two is open then.
  const planning = await tx.query(`SELECT 1 FROM fan_outs WHERE planning AND direction = 'raise' LIMIT 1`);
  const open = await findFanOuts(
    tx,
    `f.direction = 'raise' AND f.planned_at IS NOT NULL AND f.state IN ('running', 'done')
     AND EXISTS (SELECT FROM shocks s WHERE s.shock_id = o.shock_id AND ${IS_OPEN})`,
  );
  const underWay = await fanOutsUnderWay(tx);
  return { open, moves: planning.length > 0 || open.some(({ origin }) => underWay.has(origin)) };
}

/**
 * Origins of which a slice runs at this moment. It may have read a household before that changed, and store an alert which is
 * not to be seen here yet.
 */
async function fanOutsUnderWay(tx: Tx): Promise<ReadonlySet<number>> {
  const rows = await tx.query<{ origin: number }>(`SELECT DISTINCT origin FROM slices WHERE state = 'claimed'`);
  return new Set(rows.map(({ origin }) => origin));
}
