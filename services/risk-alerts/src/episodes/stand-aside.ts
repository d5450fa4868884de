import { cellScope, type Database } from '@fangpin/persistence';
import { liveWork } from '../simulations/simulation-gate.js';

/**
 * Whether a shock is on its way in the live lane: slices wait or run, or a fan-out that came lately is still being published and answered. One that
 * is stuck for longer holds up nobody.
 */
export async function shockOnItsWay(database: Database, withinSeconds: number): Promise<boolean> {
  if (await liveWork(database)) return true;
  return database.transaction(cellScope('job:stand-aside'), async (tx) => {
    const rows = await tx.query(
      `SELECT 1 FROM fan_outs WHERE state IN ('waiting', 'running') AND lane = 'live'
         AND received_at > clock_timestamp() - make_interval(secs => $1) LIMIT 1`,
      [withinSeconds],
    );
    return rows.length > 0;
  });
}
