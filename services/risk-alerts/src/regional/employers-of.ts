import type { Tx } from '@fangpin/persistence';
import { findFanOuts } from '../fan-out/fan-out.js';

export interface EmployerOfShock {
  readonly origin: number;
  /** Its unified social credit code. */
  readonly employer: string;
}

/** The firms whose lay-offs stand behind some origins, as the latest revision of each says; others are left out. */
export async function employersOf(tx: Tx, origins: readonly number[]): Promise<EmployerOfShock[]> {
  if (origins.length === 0) return [];
  const fanOuts = await findFanOuts(
    tx,
    `f.origin = ANY($1::bigint[]) AND o.cause = 'job-loss'
     AND f.shock_revision = (SELECT max(shock_revision) FROM fan_outs WHERE origin = f.origin)`,
    [origins],
  );
  return fanOuts.flatMap(({ origin, shock: { layOff } }) =>
    layOff === undefined || layOff.employer === '' ? [] : [{ origin, employer: layOff.employer }],
  );
}
