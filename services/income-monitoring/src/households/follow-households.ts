import { Inject, Injectable } from '@nestjs/common';
import { isWithin, shanghaiDay, type Clock } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import { CLOCK } from '@fangpin/service-kit';
import { AssessHouseholds } from '../assessments/assess-households.js';
import { takeLedger } from '../ledger/ledger-lock.js';
import { monthOfDay } from '../ledger/month.js';
import type { HouseholdCopyState } from './household.entity.js';

export interface HouseholdCopy {
  readonly householdId: number;
  readonly dutyCode: number;
  readonly persons: number;
  readonly state: HouseholdCopyState;
  readonly revision: number;
}

interface Followed {
  household_id: number;
  changed: boolean;
  moved: boolean;
}

/** Takes profiles over where their revision is higher, and assesses anew where persons, state or place changed. */
@Injectable()
export class FollowHouseholds {
  constructor(
    private readonly assess: AssessHouseholds,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute(tx: Tx, profiles: readonly HouseholdCopy[]): Promise<void> {
    await takeLedger(tx, 'shared');
    const newest = newestOfEach(profiles);
    const here = newest.filter((profile) => isWithin(profile.dutyCode, tx.scope));
    const followed = [
      ...(await this.#store(tx, here)),
      ...(await letGo(
        tx,
        newest.filter((profile) => !here.includes(profile)),
      )),
    ];
    await this.assess.execute(tx, idsOf(followed, 'changed'));
    await moveLedger(tx, idsOf(followed, 'moved'));
  }

  async #store(tx: Tx, profiles: readonly HouseholdCopy[]): Promise<Followed[]> {
    if (profiles.length === 0) return [];
    return tx.query<Followed>(
      `INSERT INTO households (household_id, duty_code, persons, state, profile_revision, assessed_month)
       SELECT p.*, $6 FROM unnest($1::bigint[], $2::bigint[], $3::int[], $4::household_state[], $5::bigint[]) AS p
       ON CONFLICT ON CONSTRAINT households_pk DO UPDATE SET duty_code = excluded.duty_code, persons = excluded.persons,
         state = excluded.state, profile_revision = excluded.profile_revision
       WHERE households.profile_revision < excluded.profile_revision
       RETURNING new.household_id,
         (old.duty_code, old.persons, old.state) IS DISTINCT FROM (new.duty_code, new.persons, new.state) AS changed,
         old.duty_code <> new.duty_code IS TRUE AS moved`,
      [
        profiles.map((p) => p.householdId),
        profiles.map((p) => p.dutyCode),
        profiles.map((p) => p.persons),
        profiles.map((p) => p.state),
        profiles.map((p) => p.revision),
        monthOfDay(shanghaiDay(this.clock.now())),
      ],
    );
  }
}

/** The highest revision of each household, in the order of ids: rows are always locked in that order. */
function newestOfEach(profiles: readonly HouseholdCopy[]): HouseholdCopy[] {
  const newest = new Map<number, HouseholdCopy>();
  for (const profile of profiles)
    if ((newest.get(profile.householdId)?.revision ?? 0) < profile.revision) newest.set(profile.householdId, profile);
  return [...newest.values()].sort((a, b) => a.householdId - b.householdId);
}

/** A household that now answers to another cell has moved out of this one; its place here stays the last known. */
async function letGo(tx: Tx, profiles: readonly HouseholdCopy[]): Promise<Followed[]> {
  if (profiles.length === 0) return [];
  return tx.query<Followed>(
    `UPDATE households h SET state = 'moved-out', profile_revision = p.revision
     FROM unnest($1::bigint[], $2::bigint[]) AS p (household_id, revision)
     WHERE h.household_id = p.household_id AND h.profile_revision < p.revision
     RETURNING h.household_id, true AS changed, false AS moved`,
    [profiles.map((p) => p.householdId), profiles.map((p) => p.revision)],
  );
}

/** Past entries and figures answer to the household's new place, else its new caseworkers could not see them. */
async function moveLedger(tx: Tx, householdIds: readonly number[]): Promise<void> {
  if (householdIds.length === 0) return;
  for (const table of ['income_entries', 'assessments'])
    await tx.execute(
      `UPDATE ${table} t SET duty_code = h.duty_code FROM households h
       WHERE h.household_id = ANY($1) AND t.household_id = h.household_id AND t.duty_code <> h.duty_code`,
      [householdIds],
    );
}

const idsOf = (followed: readonly Followed[], which: 'changed' | 'moved'): number[] =>
  followed.filter((row) => row[which]).map((row) => row.household_id);
