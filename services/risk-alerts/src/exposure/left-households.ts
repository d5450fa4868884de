import { arrayLiteral, type Tx } from '@fangpin/persistence';
import type { ExposureTables } from './exposure-sets.js';

/** Of some households those that have moved out or are dissolved, by the register; one that the register has not told of has not left. */
export async function leftHouseholds(
  tx: Tx,
  { households }: ExposureTables,
  householdIds: readonly number[],
): Promise<ReadonlySet<number>> {
  if (householdIds.length === 0) return new Set();
  const rows = await tx.query<{ household_id: number }>(
    `SELECT household_id FROM ${households} WHERE household_id = ANY($1::bigint[]) AND NOT active AND profile_revision > 0`,
    [arrayLiteral(householdIds)],
  );
  return new Set(rows.map((row) => row.household_id));
}
