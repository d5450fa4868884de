/** Whom findings are of: people by their keyed hash, households by their id, each within the sender's area alone. */
import type { Tx } from '@fangpin/persistence';
import { isWithin } from '@fangpin/domain-kit';
import { isMatched, type FoundHousehold, type Match, type Named } from '../findings/finding.js';

export interface Asked {
  readonly named: Named;
  readonly area: { readonly lo: number; readonly hi: number };
  /** Of whom it is as it stands: who is of that household still is found there, wherever it has moved. */
  readonly match?: Match;
}

/** Somebody of a household, or (`idHash` null) the household itself. */
export interface Candidate extends FoundHousehold {
  readonly idHash: string | null;
  /** First day on which the person belonged to the household, where the register knows and it was asked. */
  readonly since?: string | undefined;
}

/** Whom to look for, each once; hashes as bytes. */
export function lookedFor(asked: readonly Named[]): { hashes: Buffer[]; householdIds: number[] } {
  const hashes = new Set(asked.flatMap((named) => ('idHash' in named ? [named.idHash] : [])));
  const ids = new Set(asked.flatMap((named) => ('idHash' in named ? [] : [named.householdId])));
  return { hashes: [...hashes].map((hash) => Buffer.from(hash, 'hex')), householdIds: [...ids] };
}

/** Tells of each person or household that is asked for whom it is of, out of what the register knows. */
export function matcher(candidates: readonly Candidate[]): (asked: Asked) => Match {
  const byName = Map.groupBy(candidates, ({ idHash, householdId }) => idHash ?? householdId);
  return ({ named, area, match }) => {
    const isPerson = 'idHash' in named;
    const found = byName.get(isPerson ? named.idHash : named.householdId) ?? [];
    const still = match !== undefined && isMatched(match) && found.find((one) => one.householdId === match.householdId);
    if (still) return foundHousehold(still);
    const [first, ...others] = found.filter(({ dutyCode }) => isWithin(dutyCode, area));
    if (first === undefined) return { unmatched: isPerson ? 'person-unknown' : 'household-unknown' };
    // The same person twice in one household is a slip of the register that harms nobody here.
    if (others.some(({ householdId }) => householdId !== first.householdId))
      return { unmatched: 'person-in-several-households' };
    return foundHousehold(first);
  };
}

function foundHousehold({ householdId, dutyCode, mainEarner }: Candidate): FoundHousehold {
  return { householdId, dutyCode, mainEarner };
}

/** Where those that are asked for live by the register; for who holds the people's lock already. */
export async function findCandidates(tx: Tx, asked: readonly Asked[]): Promise<Candidate[]> {
  const { hashes, householdIds } = lookedFor(asked.map(({ named }) => named));
  const rows = await tx.query<CandidateRow & { readonly since: string | null }>(
    `SELECT id_hash AS person, household_id AS lives_in, duty_code AS at_duty_code, main_earner AS is_main_earner, since::text AS since
       FROM (SELECT id_hash, household_id, member_no, duty_code, main_earner, since FROM people WHERE id_hash = ANY($1::bytea[])
             UNION ALL
             SELECT NULL, household_id, 0, duty_code, NULL, NULL FROM households
              WHERE household_id = ANY($2::bigint[]) AND state = 1) AS found
      ORDER BY household_id, member_no`,
    [hashes, householdIds],
  );
  return rows.map((row) => ({ ...candidateOf(row), since: row.since ?? undefined }));
}

/** As the function hold_findings answers them too. */
export interface CandidateRow {
  readonly person: Buffer | null;
  readonly lives_in: number;
  readonly at_duty_code: number;
  readonly is_main_earner: boolean | null;
}

export function candidateOf(row: CandidateRow): Candidate {
  return {
    idHash: row.person?.toString('hex') ?? null,
    householdId: row.lives_in,
    dutyCode: row.at_duty_code,
    mainEarner: row.is_main_earner ?? undefined,
  };
}
