import { topics } from '@fangpin/contracts';
import type { Outbox } from '@fangpin/messaging';
import type { Tx } from '@fangpin/persistence';
import { assessmentEvent } from '../assessments/assessment-row.js';
import { takeLedger } from '../ledger/ledger-lock.js';
import { assessmentsOf } from './held-assessments.js';

/**
 * Publishes the figures in force of some households again, in the caller's transaction. They are held against a new assessment
 * until it commits: an older revision must not come last on a compacted topic. Those without a figure are passed over.
 */
export async function sayAgain(tx: Tx, outbox: Outbox, ids: readonly number[]): Promise<void> {
  await takeLedger(tx, 'shared');
  await tx.query('SELECT 1 FROM households WHERE household_id = ANY($1::bigint[]) ORDER BY household_id FOR SHARE', [
    ids,
  ]);
  await outbox.add(tx, topics.assessment, (await assessmentsOf(tx, ids)).map(assessmentEvent));
}
