import { Inject, Injectable } from '@nestjs/common';
import { topics } from '@fangpin/contracts';
import { regionOfDuty, type Clock, type HouseholdId } from '@fangpin/domain-kit';
import { Outbox } from '@fangpin/messaging';
import { Database } from '@fangpin/persistence';
import { assertWithin, CLOCK, ENV, epochOf, requireMatch, type Caller } from '@fangpin/service-kit';
import { applyChange } from '../apply-change.js';
import type { ChangeHouseholdRequest } from '../dto/household.request.js';
import type { RegistryEnv } from '../../env.js';
import { identityMessageOf, keepIdentities } from '../household-identities.js';
import { compositionOf, profileMessage } from '../household-profile.js';
import type { Household } from '../household.js';
import { HouseholdRepository } from '../household.repository.js';
import { readChange } from '../read-request.js';

/** Moves a household, replaces its members or livelihoods, lets it leave; each change is one revision, said on the bus. */
@Injectable()
export class ChangeHousehold {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly households: HouseholdRepository,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(ENV) private readonly env: RegistryEnv,
  ) {}

  /**
   * Refuses: no household in the caller's area (404), no or another revision's `ifMatch` (428, 412), bad fields (400), a
   * move out of the caller's area (403; the receiving place registers it), a state that cannot be reached (409).
   */
  async execute(
    id: HouseholdId,
    request: ChangeHouseholdRequest,
    caller: Caller,
    ifMatch: string | undefined,
  ): Promise<Household> {
    return this.database.transaction(caller.scope, async (tx) => {
      const known = await this.households.getForChange(tx, id);
      requireMatch(ifMatch, known.revision);
      const at = this.clock.now();
      const read = readChange(request, known.dutyCode, at, this.env.identityKey);
      const { members } = read;
      const patch = members === undefined ? read : { ...read, members: keepIdentities(known.members, members) };
      if (patch.dutyCode !== undefined) assertWithin(caller, regionOfDuty(patch.dutyCode, 'group'));
      const { household, change } = applyChange(known, patch, await epochOf(tx), at);
      if (change.length === 0) return known;
      await this.households.replace(tx, household, { change, actor: caller.subject });
      await this.outbox.add(tx, topics.household, [
        profileMessage({ ...household, ...compositionOf(household.members) }, at),
      ]);
      await this.outbox.add(tx, topics.identity, [identityMessageOf(household, at)]);
      return household;
    });
  }
}
