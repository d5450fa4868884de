import type { Tx } from '@fangpin/persistence';
import { findFanOuts } from '../fan-out/fan-out.js';

export interface EmployerOfShock {
  readonly origin: number;
  /** Its unified social credit code. */
  readonly employer: string;
}

/** The firms whose lay-offs have raised alerts since a moment, as the latest revision of each says. */
export async function employersSince(tx: Tx, since: Date): Promise<EmployerOfShock[]> {
  const fanOuts = await findFanOuts(
    tx,
    `o.cause = 'job-loss' AND f.shock_revision = (SELECT max(shock_revision) FROM fan_outs WHERE origin = f.origin)
     AND EXISTS (SELECT FROM slices s WHERE s.origin = f.origin AND s.stored_at >= $1)`,
    [since],
  );
  return fanOuts.flatMap(({ origin, shock: { layOff } }) =>
    layOff === undefined || layOff.employer === '' ? [] : [{ origin, employer: layOff.employer }],
  );
}
