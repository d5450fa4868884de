/** Which households of a set of alerts have left, by the register. */
import { arrayLiteral, prepared, type Tx } from '@fangpin/persistence';
import { leavingOf, type Leaving } from './left-states.js';

const AWAY = prepared('SELECT household_id, state FROM households_away($1::bigint, $2::bigint, $3::bigint[])');

/** Above this all who have left within the range are read: fewer than the households of a shock. */
const MOST_NAMED = 500;

/**
 * By household; nearly always none. Who is noted as leaving from then on until this transaction ends waits for it, and finds what it has stored.
 */
export async function householdsAway(tx: Tx, households: readonly number[]): Promise<ReadonlyMap<number, Leaving>> {
  let [lo, hi] = [Infinity, -Infinity];
  for (const household of households) {
    if (household < lo) lo = household;
    if (household > hi) hi = household;
  }
  if (households.length === 0) return new Map();
  const named = households.length <= MOST_NAMED ? arrayLiteral(households) : null;
  const rows = await tx.query<{ household_id: number; state: number }>(AWAY, [lo, hi, named]);
  return new Map(
    rows.flatMap(({ household_id: household, state }) => {
      const leaving = leavingOf(state);
      return leaving === undefined ? [] : [[household, leaving] as const];
    }),
  );
}
