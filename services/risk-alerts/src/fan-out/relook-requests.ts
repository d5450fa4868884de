import type { Tx } from '@fangpin/persistence';
import type { Applied } from '../exposure/exposure-store.js';

/**
 * Whether any shock of the alert lane asks for households that change (architecture §4.9). Also one that is not planned yet: it may be
 * at this moment, and see what was before this; and one that may be planned behind the exposure, though it has ended meanwhile.
 */
export const ANY_OPEN = `(
  EXISTS (SELECT FROM fan_outs f JOIN origins o USING (origin) JOIN shocks s USING (shock_id)
          WHERE s.state = 1 AND s.revision = f.shock_revision AND f.direction = 'raise')
  OR EXISTS (SELECT FROM fan_outs f WHERE f.behind)
  OR EXISTS (SELECT FROM fan_outs f WHERE f.state = 'waiting' AND f.lane = 'live' AND f.direction = 'raise'))`;

/**
 * Notes households to be looked at again, when {@link ANY_OPEN}. A household noted twice is looked at once; one that is looked at just now,
 * once more: by `asked_at` that look finds that it was asked for again (relook-queue.ts). Waits for no look.
 */
export async function askForRelooks(tx: Tx, applied: Applied): Promise<void> {
  if (applied.householdIds.length === 0) return;
  await tx.execute(
    `INSERT INTO relooks (household_id, duty_code)
     SELECT * FROM unnest($1::bigint[], $2::bigint[]) WHERE ${ANY_OPEN}
     ON CONFLICT (household_id) DO UPDATE SET asked_at = clock_timestamp(), duty_code = excluded.duty_code,
       attempts = 0, look_after = NULL`,
    [applied.householdIds, applied.dutyCodes],
  );
}

/** How many households wait that could not be looked at, each alone. */
export async function countFailingRelooks(tx: Tx): Promise<number> {
  const [row] = await tx.query<{ n: number }>('SELECT count(*)::int AS n FROM relooks WHERE attempts > 0');
  return row?.n ?? 0;
}
