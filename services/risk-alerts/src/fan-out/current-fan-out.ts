/** Whether a fan-out still has the last word. Both questions hold the shock against a newer revision until the transaction ends. */
import { ShockState } from '@fangpin/contracts';
import type { Tx } from '@fangpin/persistence';
import type { FanOut } from './fan-out.js';

type Revision = Pick<FanOut, 'shockId' | 'origin' | 'shockRevision'>;

/**
 * Whether no later revision has opened a fan-out of the same origin: what is under way must then be carried to its end. A revision
 * that says only that the shock is over opens none: whom it had endangered until then is still to be found.
 */
export async function isCurrent(tx: Tx, { shockId, origin, shockRevision }: Revision): Promise<boolean> {
  const [shock] = await tx.query<{ revision: number }>('SELECT revision FROM shocks WHERE shock_id = $1 FOR SHARE', [
    shockId,
  ]);
  if (shock?.revision === shockRevision) return true;
  // A statement of its own: one that has waited for a lock sees other tables as they were before.
  const later = await tx.query('SELECT 1 FROM fan_outs WHERE origin = $1 AND shock_revision > $2 LIMIT 1', [
    origin,
    shockRevision,
  ]);
  return later.length === 0;
}

/**
 * Condition on a fan-out `f` that raises, and its shock `s`: households that change are looked at again. So long as the shock is open and
 * this is its latest revision; and after its end until what it was to wait for is read (catch-up.ts). One that a later revision has
 * superseded is not behind any more.
 */
export const IS_OPEN = `(f.behind OR (s.state = 1 AND s.revision = f.shock_revision))`;

/** The same, {@link IS_OPEN}. */
export async function isOpen(tx: Tx, { shockId, origin, shockRevision }: Revision): Promise<boolean> {
  const [shock] = await tx.query<{ revision: number; state: number }>(
    'SELECT revision, state FROM shocks WHERE shock_id = $1 FOR SHARE',
    [shockId],
  );
  if (shock?.revision === shockRevision && shock.state === (ShockState.OPEN as number)) return true;
  const behind = await tx.query('SELECT 1 FROM fan_outs WHERE origin = $1 AND shock_revision = $2 AND behind', [
    origin,
    shockRevision,
  ]);
  return behind.length > 0;
}
