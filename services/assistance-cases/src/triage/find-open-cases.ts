/** The open cases of households, locked against being closed until this transaction ends. */
import type { Tx } from '@fangpin/persistence';

/** Origin of the household's open case, by household. */
export async function findOpenCases(tx: Tx, households: readonly number[]): Promise<Map<number, number>> {
  if (households.length === 0) return new Map();
  const rows = await tx.query<{ household_id: number; case_origin: number }>(
    `SELECT household_id, case_origin FROM cases WHERE household_id = ANY($1::bigint[]) AND state < 100
      ORDER BY household_id FOR UPDATE`,
    [households],
  );
  return new Map(rows.map((row) => [row.household_id, row.case_origin]));
}
