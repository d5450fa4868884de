import { topics } from '@fangpin/contracts';
import type { Outbox } from '@fangpin/messaging';
import type { Tx } from '@fangpin/persistence';
import { profilesOfHouseholds } from '../households/profile-rows.js';
import { profileMessage } from '../households/household-profile.js';

/**
 * Publishes the last revisions of some households again, in the caller's transaction. They are held against change until it
 * commits: an older revision must not come last on a compacted topic. Those that the register does not hold are passed over.
 */
export async function sayAgain(tx: Tx, outbox: Outbox, ids: readonly number[]): Promise<void> {
  await tx.query('SELECT 1 FROM households WHERE household_id = ANY($1::bigint[]) ORDER BY household_id FOR SHARE', [
    ids,
  ]);
  const profiles = await profilesOfHouseholds(tx, ids);
  await outbox.add(
    tx,
    topics.household,
    profiles.map(({ profile, at }) => profileMessage(profile, at)),
  );
}
