/** Open check items go with the open case of their household; when people find that the case is none, they are answered with it. */
import { nextRevision } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import { epochOf } from '@fangpin/service-kit';
import { LessThan } from 'typeorm';
import { CheckItemEntity } from './check-item.entity.js';
import { checkItemStates, FIRST_CLOSED_CODE } from './check-item-states.js';
import { insertResults, type Visit } from './check-results.js';

/**
 * Closes the household's open items as checked without risk, remembered for the cause of each: two people have looked at the
 * household and told it the reason (rulebook §4.1 step 2, §4.5). The caller holds the lock on the case.
 */
export async function answerJoinedItems(tx: Tx, householdId: number, visit: Visit): Promise<void> {
  const items = await tx.manager.find(CheckItemEntity, {
    where: { householdId, state: LessThan(FIRST_CLOSED_CODE) },
    order: { origin: 'ASC' },
    lock: { mode: 'pessimistic_write' },
  });
  if (items.length === 0) return;
  const epoch = await epochOf(tx);
  for (const item of items) {
    item.state = checkItemStates['no-risk'].code;
    item.checkedSeverity = item.severity;
    item.revision = nextRevision(epoch, item.revision);
  }
  await tx.manager.save(CheckItemEntity, items);
  await insertResults(tx, items, visit);
}
