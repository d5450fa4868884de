/** Where households live, as the alerts say that are being followed. */
import { arrayLiteral, type Tx } from '@fangpin/persistence';
import { RAISED } from '../fan-out/alert-rows.js';
import type { RevisionRow } from './slices-to-follow.js';

type PlacedRow = Pick<RevisionRow, 'household_id' | 'duty_code' | 'slice_no' | 'state'>;

/**
 * By household the place of the raised revision that was stored last. Revisions of different origins do not compare: the third word on an
 * old shock is higher than the first on a new one. A withdrawal copies the place of what it takes back, which may be years old: where
 * there is nothing else, the household stays where its episodes are.
 */
export async function placesOf(tx: Tx, rows: readonly PlacedRow[]): Promise<Map<number, number>> {
  const { places, unsure } = lastRaised(rows);
  if (unsure.length === 0) return places;
  const known = await tx.query<{ household_id: number; duty_code: number }>(
    `SELECT DISTINCT ON (household_id) household_id, duty_code FROM risk_episodes WHERE household_id = ANY($1::bigint[])
     ORDER BY household_id, state = 'open' DESC, last_raised_at DESC`,
    [arrayLiteral(unsure)],
  );
  for (const { household_id: household, duty_code: dutyCode } of known) places.set(household, dutyCode);
  return places;
}

/** `unsure`: households of which only withdrawals were read. */
export function lastRaised(rows: readonly PlacedRow[]): { places: Map<number, number>; unsure: number[] } {
  const latest = new Map<number, PlacedRow>();
  for (const row of rows) {
    const before = latest.get(row.household_id);
    if (before === undefined || isLater(row, before)) latest.set(row.household_id, row);
  }
  const unsure = [...latest.values()].filter(({ state }) => state !== RAISED);
  return {
    places: new Map([...latest].map(([household, row]) => [household, row.duty_code])),
    unsure: unsure.map((row) => row.household_id),
  };
}

function isLater(row: PlacedRow, than: PlacedRow): boolean {
  const [raised, before] = [row.state === RAISED, than.state === RAISED];
  return raised === before ? row.slice_no > than.slice_no : raised;
}
