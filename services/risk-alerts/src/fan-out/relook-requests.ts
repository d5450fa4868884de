import type { Tx } from '@fangpin/persistence';
import type { Applied } from '../exposure/exposure-store.js';

/**
 * Notes households to be looked at again, when any shock of the alert lane is open (architecture §4.9). A household noted
 * twice is looked at once.
 */
export async function askForRelooks(tx: Tx, applied: Applied): Promise<void> {
  if (applied.householdIds.length === 0) return;
  await tx.execute(
    `INSERT INTO relooks (household_id, duty_code)
     SELECT * FROM unnest($1::bigint[], $2::bigint[])
     WHERE EXISTS (
       SELECT FROM fan_outs f JOIN origins o USING (origin) JOIN shocks s USING (shock_id)
       WHERE s.state = 1 AND s.revision = f.shock_revision AND f.direction = 'raise' AND f.planned_at IS NOT NULL)
     ON CONFLICT (household_id) DO UPDATE SET asked_at = clock_timestamp(), duty_code = excluded.duty_code,
       attempts = 0, look_after = NULL`,
    [applied.householdIds, applied.dutyCodes],
  );
}
