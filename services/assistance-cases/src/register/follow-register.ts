/**
 * The use case: takes over who has left by the register and who is back, and ends or takes up again what is asked of them
 * (docs/adr/0075). Nothing but a higher revision that changes whether a household is there moves anything.
 */
import { topics } from '@fangpin/contracts';
import { packRevision, shanghaiDay, unpackRevision, type Clock } from '@fangpin/domain-kit';
import type { Outbox } from '@fangpin/messaging';
import type { Tx } from '@fangpin/persistence';
import type { PolicySet } from '@fangpin/policy';
import { epochOf } from '@fangpin/service-kit';
import { DueDates } from '../triage/due-dates.js';
import { TriagePolicy } from '../triage/triage-policy.js';
import { askReturnedAgain } from './ask-returned-again.js';
import { endForLeavers } from './end-for-leavers.js';
import { leavingEntries, leavingOf, THERE, type Leaving } from './left-states.js';
import { lockRegister } from './lock-register.js';

/** A household as one revision of the register tells of it. */
export interface ToldHousehold {
  readonly householdId: number;
  readonly dutyCode: number;
  readonly revision: number;
  /** Null while it is there. */
  readonly leaving: Leaving | null;
}

/** What one call carries through its steps. */
export interface RegisterRun {
  readonly now: Date;
  /** `YYYY-MM-DD`, Asia/Shanghai. */
  readonly today: string;
  /** The highest number below every revision of this epoch. */
  readonly epochBase: number;
  readonly policyVersion: string;
  readonly policy: TriagePolicy;
  readonly dueDates: DueDates;
}

/** The first revision registers a household, the second may be its leaving: only from the third on it can be back. */
const FIRST_VERSION_BACK = 3;

interface KeptRow extends Record<string, unknown> {
  readonly household_id: number;
  readonly state: number;
  readonly changed: boolean;
}

const KEEP = `
  INSERT INTO left_households AS l (household_id, duty_code, revision, state, heard_at)
  SELECT v.*, $5::timestamptz FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::smallint[]) AS v
  ON CONFLICT (household_id) DO UPDATE SET duty_code = excluded.duty_code, revision = excluded.revision, state = excluded.state,
         heard_at = excluded.heard_at
   WHERE l.revision < excluded.revision
  RETURNING household_id, new.state, new.state <> coalesce(old.state, ${THERE}) AS changed`;

export class FollowRegister {
  private readonly rules: TriagePolicy;

  constructor(
    private readonly policy: PolicySet,
    private readonly dueDates: DueDates,
    private readonly outbox: Pick<Outbox, 'add'>,
    private readonly clock: Clock,
  ) {
    this.rules = new TriagePolicy(policy);
  }

  async execute(told: readonly ToldHousehold[], tx: Tx): Promise<void> {
    const kept = newestOfEach(told).filter(
      ({ leaving, revision }) => leaving !== null || unpackRevision(revision).version >= FIRST_VERSION_BACK,
    );
    if (kept.length === 0) return;
    const now = this.clock.now();
    const changed = (await keep(tx, kept, now)).filter((row) => row.changed);
    if (changed.length === 0) return;
    await lockRegister(tx, 'alone');
    const run: RegisterRun = {
      now,
      today: shanghaiDay(now),
      epochBase: packRevision({ epoch: await epochOf(tx), version: 1 }) - 1,
      policyVersion: this.policy.version,
      policy: this.rules,
      dueDates: this.dueDates,
    };
    const leavers = new Map(
      changed.flatMap(({ household_id: household, state }) => {
        const leaving = leavingOf(state);
        return leaving === undefined ? [] : [[household, leaving] as const];
      }),
    );
    const back = changed.filter(({ state }) => state === THERE).map((row) => row.household_id);
    const messages = [...(await endForLeavers(tx, run, leavers)), ...(await askReturnedAgain(tx, run, back))];
    if (messages.length > 0) await this.outbox.add(tx, topics.case, messages);
  }
}

/** The highest revision of each household, in the order of ids: rows are always locked in that order. */
function newestOfEach(told: readonly ToldHousehold[]): ToldHousehold[] {
  const newest = new Map<number, ToldHousehold>();
  for (const one of told)
    if ((newest.get(one.householdId)?.revision ?? 0) < one.revision) newest.set(one.householdId, one);
  return [...newest.values()].sort((a, b) => a.householdId - b.householdId);
}

/** Answers those of which this is news. */
function keep(tx: Tx, told: readonly ToldHousehold[], now: Date): Promise<KeptRow[]> {
  return tx.query<KeptRow>(KEEP, [
    told.map(({ householdId }) => householdId),
    told.map(({ dutyCode }) => dutyCode),
    told.map(({ revision }) => revision),
    told.map(({ leaving }) => (leaving === null ? THERE : leavingEntries[leaving].code)),
    now,
  ]);
}
