import { cellScope, type Database } from '@fangpin/persistence';
import type { OutboxSource, OutgoingMessage } from '@fangpin/messaging';
import { assessmentEvent, type AssessmentRow } from './assessment-row.js';

export const ASSESSMENT_BATCHES = 'income.assessment-batch';

/**
 * Renders a batch again for the outbox's relay, after a crash or a failed send: the households of the batch with the
 * revision that is in force *now*. An older one must not come last on a compacted topic.
 */
export const assessmentBatchSource: OutboxSource = {
  name: ASSESSMENT_BATCHES,
  render: renderBatch,
};

async function* renderBatch(ref: Record<string, unknown>, database: Database): AsyncIterable<OutgoingMessage> {
  const rows = await database.transaction(cellScope('job:outbox'), (tx) =>
    tx.query<AssessmentRow>(
      `SELECT latest.* FROM assessments named CROSS JOIN LATERAL (
         SELECT * FROM assessments WHERE household_id = named.household_id ORDER BY revision DESC LIMIT 1) latest
       WHERE named.batch_id = $1 ORDER BY latest.household_id`,
      [Number(ref.batch)],
    ),
  );
  for (const row of rows) yield assessmentEvent(row);
}
