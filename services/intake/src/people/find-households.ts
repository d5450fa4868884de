/** Whom findings are of: people by their keyed hash, households by their id, each within the sender's area alone. */
import type { Tx } from '@fangpin/persistence';
import { isWithin } from '@fangpin/domain-kit';
import type { FoundHousehold, Match, Named } from '../findings/finding.js';

export interface Asked {
  readonly named: Named;
  readonly area: { readonly lo: number; readonly hi: number };
}

interface Candidate extends FoundHousehold {
  readonly who: string;
}

/** One match for each, in the order given. Two statements, however many. */
export async function findHouseholds(tx: Tx, asked: readonly Asked[]): Promise<Match[]> {
  const hashes = [...new Set(asked.flatMap(({ named }) => ('idHash' in named ? [named.idHash] : [])))];
  const ids = [...new Set(asked.flatMap(({ named }) => ('idHash' in named ? [] : [named.householdId])))];
  const people = Map.groupBy(await peopleOf(tx, hashes), ({ who }) => who);
  const households = Map.groupBy(await householdsOf(tx, ids), ({ who }) => who);
  return asked.map(({ named, area }): Match => {
    const isPerson = 'idHash' in named;
    const found = (isPerson ? people.get(named.idHash) : households.get(String(named.householdId))) ?? [];
    const [first, ...others] = found.filter(({ dutyCode }) => isWithin(dutyCode, area));
    if (first === undefined) return { unmatched: isPerson ? 'person-unknown' : 'household-unknown' };
    // The same person twice in one household is a slip of the register that harms nobody here.
    if (others.some(({ householdId }) => householdId !== first.householdId))
      return { unmatched: 'person-in-several-households' };
    const { householdId, dutyCode, mainEarner } = first;
    return { householdId, dutyCode, mainEarner };
  });
}

async function peopleOf(tx: Tx, hashes: readonly string[]): Promise<Candidate[]> {
  if (hashes.length === 0) return [];
  const rows = await tx.query<{
    id_hash: Buffer;
    household_id: number;
    duty_code: number;
    main_earner: boolean | null;
  }>(
    `SELECT p.id_hash, p.household_id, p.duty_code, p.main_earner FROM people p WHERE p.id_hash = ANY($1::bytea[])
      ORDER BY p.household_id, p.member_no`,
    [hashes.map((hash) => Buffer.from(hash, 'hex'))],
  );
  return rows.map((row) => ({
    who: row.id_hash.toString('hex'),
    householdId: row.household_id,
    dutyCode: row.duty_code,
    mainEarner: row.main_earner ?? undefined,
  }));
}

async function householdsOf(tx: Tx, ids: readonly number[]): Promise<Candidate[]> {
  if (ids.length === 0) return [];
  const rows = await tx.query<{ household_id: number; duty_code: number }>(
    'SELECT household_id, duty_code FROM households WHERE household_id = ANY($1::bigint[]) AND state = 1',
    [ids],
  );
  return rows.map((row) => ({
    who: String(row.household_id),
    householdId: row.household_id,
    dutyCode: row.duty_code,
  }));
}
