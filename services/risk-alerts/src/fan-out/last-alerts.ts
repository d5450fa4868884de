import type { Tx } from '@fangpin/persistence';

export interface LastAlert {
  readonly householdId: number;
  readonly dutyCode: number;
  readonly revision: number;
  readonly state: number;
  readonly severity: number;
  readonly lossFen: number;
  readonly reasons: number;
  readonly persons: number;
  readonly perCapitaFen: number | null;
}

/** The last alert revision of each household under an origin; households never alerted are absent. */
export async function lastAlerts(
  tx: Tx,
  origin: number,
  householdIds: readonly number[],
): Promise<ReadonlyMap<number, LastAlert>> {
  const rows = await tx.query<LastAlert>(
    `SELECT DISTINCT ON (household_id) household_id AS "householdId", duty_code AS "dutyCode", revision, state, severity,
       loss_fen AS "lossFen", reasons, persons, per_capita_fen AS "perCapitaFen"
     FROM alerts WHERE origin = $1 AND household_id = ANY($2::bigint[]) ORDER BY household_id, revision DESC`,
    [origin, householdIds],
  );
  return new Map(rows.map((row) => [row.householdId, row]));
}
