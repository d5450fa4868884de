import { Inject, Injectable } from '@nestjs/common';
import { topics } from '@fangpin/contracts';
import { nextRevision, regionOfDuty, type Clock } from '@fangpin/domain-kit';
import { Outbox } from '@fangpin/messaging';
import { Database, type Tx } from '@fangpin/persistence';
import { assertWithin, CLOCK, ENV, epochOf, idempotent, type Caller } from '@fangpin/service-kit';
import type { RegisterHouseholdRequest } from '../dto/household.request.js';
import type { HouseholdRegistered } from '../dto/household.response.js';
import type { RegistryEnv } from '../../env.js';
import { identityMessageOf } from '../household-identities.js';
import { compositionOf, profileMessage } from '../household-profile.js';
import { SourceKeyTaken } from '../household.errors.js';
import type { Household, HouseholdFacts } from '../household.js';
import { HouseholdRepository } from '../household.repository.js';
import { readRegistration } from '../read-request.js';
import { showRegistered } from '../show-household.js';

export interface Registration {
  /** 201 for a new household, 200 when the source key had been registered before. */
  readonly status: number;
  readonly body: HouseholdRegistered;
}

/** Takes a household into the register and says so on the bus, in one transaction. */
@Injectable()
export class RegisterHousehold {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly households: HouseholdRepository,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(ENV) private readonly env: RegistryEnv,
  ) {}

  /**
   * Refuses bad fields (400), a village outside the caller's area (403), a source key of a household that the caller cannot
   * see (409). A repeat with the same Idempotency-Key or the same source key changes nothing.
   */
  async execute(request: RegisterHouseholdRequest, caller: Caller, key: string | undefined): Promise<Registration> {
    const facts = readRegistration(request, this.clock.now(), this.env.identityKey);
    assertWithin(caller, regionOfDuty(facts.dutyCode, 'group'));
    return this.database.transaction(caller.scope, async (tx) =>
      idempotent(tx, { key, route: 'POST /v1/households', caller, body: withoutNumbers(request, facts) }, () =>
        this.#register(tx, facts, request.sourceKey, caller),
      ),
    );
  }

  async #register(tx: Tx, facts: HouseholdFacts, sourceKey: string | undefined, caller: Caller): Promise<Registration> {
    if (sourceKey !== undefined) {
      // Two senders of one key at once: the second waits here and then finds the first one's household.
      await tx.query("SELECT pg_advisory_xact_lock(hashtext('household-source-key'), hashtext($1))", [sourceKey]);
      const known = await this.households.findBySourceKey(tx, sourceKey);
      if (known !== undefined) return { status: 200, body: showRegistered(known) };
    }
    const at = this.clock.now();
    const household: Household = {
      ...facts,
      id: await this.households.nextId(tx),
      revision: nextRevision(await epochOf(tx), undefined),
      state: 'active',
      ...(sourceKey === undefined ? {} : { sourceKey }),
      createdAt: at,
      updatedAt: at,
    };
    await this.#store(tx, household, caller);
    await this.outbox.add(tx, topics.household, [
      profileMessage({ ...household, ...compositionOf(household.members) }, at),
    ]);
    await this.outbox.add(tx, topics.identity, [identityMessageOf(household, at)]);
    return { status: 201, body: showRegistered(household) };
  }

  async #store(tx: Tx, household: Household, caller: Caller): Promise<void> {
    try {
      await this.households.add(tx, household, { change: ['registered'], actor: caller.subject });
    } catch (error) {
      const { driverError } = error as { driverError?: { constraint?: string } };
      if (driverError?.constraint === 'households_source_key_unique' && household.sourceKey !== undefined)
        throw new SourceKeyTaken(household.sourceKey);
      throw error;
    }
  }
}

/** What an Idempotency-Key is held against: with keyed hashes, for a plain hash over an ID number could be guessed back. */
function withoutNumbers(request: RegisterHouseholdRequest, facts: HouseholdFacts): unknown {
  return {
    ...request,
    members: request.members.map((member, i) => ({ ...member, idNumber: facts.members[i]?.idHash })),
  };
}
