import type { OutboxSource, OutgoingMessage } from '@fangpin/messaging';
import { cellScope, type Database } from '@fangpin/persistence';
import type { RegionCode } from '@fangpin/domain-kit';
import { profileMessage } from '../households/household-profile.js';
import { profilesBetween } from '../households/profile-rows.js';

/** Name of the outbox rows that stand for a bulk batch; kept in the table, so it never changes. */
export const HOUSEHOLD_BATCH = 'household-batch';

const PAGE = 2_000;

/**
 * Renders the profiles of a batch again when its publisher died between commit and acknowledgement. It reads what the
 * households are now, not what they were then: a later revision replaces an earlier one anyway.
 */
export class HouseholdBatchSource implements OutboxSource {
  readonly name = HOUSEHOLD_BATCH;

  constructor(private readonly cell: RegionCode) {}

  async *render(ref: Record<string, unknown>, database: Database): AsyncIterable<OutgoingMessage> {
    const { from, to } = ref as { from: number; to: number };
    for (let next: number | undefined = from; next !== undefined && next <= to;) {
      const first: number = next;
      const known = await database.transaction(cellScope('outbox:household-batch', this.cell), (tx) =>
        profilesBetween(tx, first, to, PAGE),
      );
      for (const { profile, at } of known) yield profileMessage(profile, at);
      const last = known.at(-1);
      next = known.length < PAGE || last === undefined ? undefined : last.profile.id + 1;
    }
  }
}
