import type { Tx } from '@fangpin/persistence';
import { findFanOuts } from '../fan-out/fan-out.js';
import { reportedFields } from '../loss/reported-fields.js';
import { ALIKE_CAUSES } from './at-risk-sql.js';

export interface EmployerOfShock {
  readonly origin: number;
  /** Its unified social credit code. */
  readonly employer: string;
}

export interface ProductOfShock {
  readonly origin: number;
  readonly product: number;
}

/** Whom and what shocks have named that raised alerts since a moment, as the latest revision of each says. */
export interface NamedByShocks {
  /** Firms that let people go. */
  readonly employers: readonly EmployerOfShock[];
  /** Crops that reports of damage name, and branches of work that lay-offs name. */
  readonly products: readonly ProductOfShock[];
}

/** Of crop disasters only those are read whose report counts fields: a warning names no crop. */
export async function namedSince(tx: Tx, since: Date): Promise<NamedByShocks> {
  const fanOuts = await findFanOuts(
    tx,
    `o.cause = ANY($2) AND (o.cause <> 'crop-disaster' OR f.standing <> '[]')
     AND f.shock_revision = (SELECT max(shock_revision) FROM fan_outs WHERE origin = f.origin)
     AND EXISTS (SELECT FROM slices s WHERE s.origin = f.origin AND s.stored_at >= $1)`,
    [since, ALIKE_CAUSES],
  );
  return {
    employers: fanOuts.flatMap(({ origin, shock: { layOff } }) =>
      layOff === undefined || layOff.employer === '' ? [] : [{ origin, employer: layOff.employer }],
    ),
    products: fanOuts.flatMap(({ origin, shock }) => {
      const named = shock.layOff?.branches ?? reportedFields(shock).flatMap(({ products }) => products);
      return [...new Set(named)].map((product) => ({ origin, product }));
    }),
  };
}
