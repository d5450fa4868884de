import { ShockState } from '@fangpin/contracts';
import type { Tx } from '@fangpin/persistence';
import type { Applied } from '../exposure/exposure-store.js';
import { liveExposure } from '../exposure/exposure-sets.js';
import { RAISED } from './alert-rows.js';
import { hasStandingFinding } from '../findings/standing-findings.js';
import { awaitsIncome } from './late-incomes.js';

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
 * Notes households to be looked at again, when {@link ANY_OPEN}; those that were alerted without an income, whenever it comes; and those of which an alert of a finding stands. A household noted twice is looked at once; one that is looked at just now,
 * once more: by `asked_at` that look finds that it was asked for again (relook-queue.ts). Waits for no look.
 */
export async function askForRelooks(tx: Tx, applied: Applied): Promise<void> {
  if (applied.householdIds.length === 0) return;
  await tx.execute(
    `INSERT INTO relooks (household_id, duty_code)
     SELECT * FROM unnest($1::bigint[], $2::bigint[]) AS changed (household_id, duty_code)
     WHERE ${ANY_OPEN} OR ${awaitsIncome('changed.household_id')} OR ${hasStandingFinding('changed.household_id')}
     ON CONFLICT (household_id) DO UPDATE SET asked_at = clock_timestamp(), duty_code = excluded.duty_code,
       attempts = 0, look_after = NULL`,
    [applied.householdIds, applied.dutyCodes],
  );
}

/**
 * Notes those whose income came while a slice was storing that they have none: nobody could see it then. For a shock that is over, when the last slice
 * is stored; while it is open, whoever changes is looked at once more (open-fan-outs.ts).
 */
export async function askForThoseWithIncome(tx: Tx, origin: number): Promise<void> {
  const { households } = await liveExposure(tx, 'read');
  await tx.execute(
    `INSERT INTO relooks (household_id, duty_code)
     SELECT DISTINCT h.household_id, h.duty_code FROM alerts a JOIN ${households} h USING (household_id)
     WHERE a.origin = $1 AND a.per_capita_fen IS NULL AND a.state = ${RAISED} AND h.active AND h.per_capita_fen IS NOT NULL
       AND EXISTS (SELECT FROM origins o JOIN shocks s USING (shock_id) WHERE o.origin = $1 AND s.state <> ${ShockState.OPEN})
     ON CONFLICT (household_id) DO UPDATE SET asked_at = clock_timestamp()`,
    [origin],
  );
}

/** How many households wait that could not be looked at, each alone. */
export async function countFailingRelooks(tx: Tx): Promise<number> {
  const [row] = await tx.query<{ n: number }>('SELECT count(*)::int AS n FROM relooks WHERE attempts > 0');
  return row?.n ?? 0;
}
