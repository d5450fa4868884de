import { topics, type HouseholdIdentities } from '@fangpin/contracts';
import type { ConsumedEvent, EventHandler } from '@fangpin/messaging';
import type { Tx } from '@fangpin/persistence';
import { EventConsumer } from '@fangpin/service-kit';
import { FollowIdentities } from './follow-identities.js';

/** Hears who belongs to which household. A state that this version does not know is parked, not guessed. */
@EventConsumer()
export class IdentitiesConsumer implements EventHandler<HouseholdIdentities> {
  readonly topic = topics.identity;

  constructor(private readonly follow: FollowIdentities) {}

  handle(events: readonly ConsumedEvent<HouseholdIdentities>[], tx: Tx): Promise<void> {
    return this.follow.execute(
      tx,
      events.map((event) => event.data),
    );
  }
}
