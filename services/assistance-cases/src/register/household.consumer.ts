import { HouseholdState, topics, type HouseholdProfile } from '@fangpin/contracts';
import type { ConsumedEvent, EventHandler } from '@fangpin/messaging';
import type { Tx } from '@fangpin/persistence';
import { EventConsumer } from '@fangpin/service-kit';
import { FollowRegister, type ToldHousehold } from './follow-register.js';
import { leavingOf } from './left-states.js';

/**
 * Hears who has left and who is back. It has a group and a runner of its own (`Topic.apartFor`), for no alert is to wait behind an import or a rebuild of the
 * topic. As triage it runs as the writer (consume-as-writer.ts). A state that this version does not know is parked, not guessed.
 */
@EventConsumer()
export class HouseholdConsumer implements EventHandler<HouseholdProfile> {
  readonly topic = topics.household;

  constructor(private readonly follow: FollowRegister) {}

  handle(events: readonly ConsumedEvent<HouseholdProfile>[], tx: Tx): Promise<void> {
    return this.follow.execute(
      events.map(({ data }) => toldOf(data)),
      tx,
    );
  }
}

function toldOf({ householdId, dutyCode, revision, state }: HouseholdProfile): ToldHousehold {
  const leaving = state === HouseholdState.ACTIVE ? null : leavingOf(state);
  if (leaving === undefined) throw new RangeError(`unknown household state ${state}`);
  return { householdId: Number(householdId), dutyCode: Number(dutyCode), revision: Number(revision), leaving };
}
