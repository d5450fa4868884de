import { Injectable } from '@nestjs/common';
import { HouseholdState, type HouseholdIdentities } from '@fangpin/contracts';
import { isDay, isWithin } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import { MatchWaiting, type Learned } from '../findings/match-waiting.js';
import { holdPeopleAlone } from './people-lock.js';

/** Takes over who belongs to which household, where the revision is higher than the known one, and matches what waited for them. */
@Injectable()
export class FollowIdentities {
  constructor(private readonly waiting: MatchWaiting) {}

  /** Refuses a state that this version does not know. Members of households that have left are forgotten. */
  async execute(tx: Tx, given: readonly HouseholdIdentities[]): Promise<void> {
    for (const { state } of given)
      if (state === HouseholdState.UNSPECIFIED || HouseholdState[state] === undefined)
        throw new RangeError(`unknown household state ${state}`);
    await holdPeopleAlone(tx);
    const newest = newestOfEach(given).map((one) => withinCell(one, tx));
    const applied = new Set(await storeHouseholds(tx, newest));
    const changed = newest.filter(({ householdId }) => applied.has(Number(householdId)));
    const gone = await replacePeople(tx, changed);
    await moveFindings(tx, changed);
    await this.waiting.execute(tx, learnedFrom(changed, gone));
  }
}

/** The highest revision of each household, in the order of ids: rows are always locked in that order. */
function newestOfEach(given: readonly HouseholdIdentities[]): HouseholdIdentities[] {
  const newest = new Map<bigint, HouseholdIdentities>();
  for (const one of given)
    if ((newest.get(one.householdId)?.revision ?? 0n) < one.revision) newest.set(one.householdId, one);
  return [...newest.values()].sort((a, b) => Number(a.householdId - b.householdId));
}

/** A household that answers to another cell has moved out of this one, and this one no longer knows where it is. */
function withinCell(one: HouseholdIdentities, { scope }: Tx): HouseholdIdentities {
  if (isWithin(Number(one.dutyCode), scope)) return one;
  return { ...one, dutyCode: BigInt(scope.lo), state: HouseholdState.MOVED_OUT };
}

async function storeHouseholds(tx: Tx, given: readonly HouseholdIdentities[]): Promise<number[]> {
  const rows = await tx.query<{ household_id: number }>(
    `INSERT INTO households (household_id, duty_code, state, revision)
     SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::smallint[], $4::bigint[])
     ON CONFLICT ON CONSTRAINT households_pk DO UPDATE SET duty_code = excluded.duty_code, state = excluded.state,
       revision = excluded.revision
     WHERE households.revision < excluded.revision
     RETURNING household_id`,
    [
      given.map((one) => one.householdId),
      given.map((one) => one.dutyCode),
      given.map((one) => one.state),
      given.map((one) => one.revision),
    ],
  );
  return rows.map((row) => row.household_id);
}

/** Answers who was known in these households before. */
async function replacePeople(tx: Tx, changed: readonly HouseholdIdentities[]): Promise<string[]> {
  if (changed.length === 0) return [];
  const gone = await tx.query<{ id_hash: string }>(
    `DELETE FROM people WHERE household_id = ANY($1::bigint[]) RETURNING encode(id_hash, 'hex') AS id_hash`,
    [changed.map((one) => one.householdId)],
  );
  const hashes = gone.map((row) => row.id_hash);
  const members = changed
    .filter(({ state }) => state === HouseholdState.ACTIVE)
    .flatMap(({ householdId, dutyCode, members: all }) => all.map((member) => ({ householdId, dutyCode, ...member })));
  if (members.length === 0) return hashes;
  await tx.execute(
    `INSERT INTO people (household_id, member_no, duty_code, id_hash, main_earner, since)
     SELECT h, n, d, decode(hash, 'hex'), earner, since
       FROM unnest($1::bigint[], $2::int[], $3::bigint[], $4::text[], $5::boolean[], $6::date[]) AS p (h, n, d, hash, earner, since)`,
    [
      members.map((one) => one.householdId),
      members.map((one) => one.memberNo),
      members.map((one) => one.dutyCode),
      members.map((one) => Buffer.from(one.idHash).toString('hex')),
      members.map((one) => one.mainEarner ?? null),
      members.map(({ since }) => (since !== undefined && isDay(since) ? since : null)),
    ],
  );
  return hashes;
}

/** Findings answer to the household's new place, else its new caseworkers could not see them. */
async function moveFindings(tx: Tx, changed: readonly HouseholdIdentities[]): Promise<void> {
  if (changed.length === 0) return;
  await tx.execute(
    `UPDATE findings f SET duty_code = h.duty_code
       FROM unnest($1::bigint[], $2::bigint[]) AS h (household_id, duty_code)
      WHERE f.household_id = h.household_id AND f.duty_code <> h.duty_code`,
    [changed.map((one) => one.householdId), changed.map((one) => one.dutyCode)],
  );
}

/** A person who has left one of two households is found in the other, of which nothing new is said. */
function learnedFrom(changed: readonly HouseholdIdentities[], gone: readonly string[]): Learned {
  const here = changed.filter(({ state }) => state === HouseholdState.ACTIVE);
  const now = here.flatMap(({ members }) => members.map(({ idHash }) => Buffer.from(idHash).toString('hex')));
  return {
    idHashes: [...new Set([...gone, ...now])],
    householdIds: here.map(({ householdId }) => Number(householdId)),
  };
}
