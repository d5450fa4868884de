import { HouseholdState, topics, type HouseholdProfile } from '@fangpin/contracts';
import type { ConsumedEvent, EventHandler } from '@fangpin/messaging';
import type { Tx } from '@fangpin/persistence';
import { EventConsumer } from '@fangpin/service-kit';
import { FollowHouseholds, type HouseholdCopy } from './follow-households.js';
import type { HouseholdCopyState } from './household.entity.js';

const STATES: Partial<Record<HouseholdState, HouseholdCopyState>> = {
  [HouseholdState.ACTIVE]: 'active',
  [HouseholdState.MOVED_OUT]: 'moved-out',
  [HouseholdState.DISSOLVED]: 'dissolved',
};

/** Hears what the registry says of households. A state that this version does not know is parked, not guessed. */
@EventConsumer()
export class HouseholdProfileConsumer implements EventHandler<HouseholdProfile> {
  readonly topic = topics.household;

  constructor(private readonly follow: FollowHouseholds) {}

  handle(events: readonly ConsumedEvent<HouseholdProfile>[], tx: Tx): Promise<void> {
    return this.follow.execute(
      tx,
      events.map((event) => copyOf(event.data)),
    );
  }
}

function copyOf(profile: HouseholdProfile): HouseholdCopy {
  const state = STATES[profile.state];
  if (state === undefined) throw new RangeError(`unknown household state ${profile.state}`);
  return {
    householdId: Number(profile.householdId),
    dutyCode: Number(profile.dutyCode),
    persons: profile.persons,
    state,
    revision: Number(profile.revision),
  };
}
