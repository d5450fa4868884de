import { create } from '@bufbuild/protobuf';
import { AlertBatchSchema, alertTopicOf, topics, type AlertBatch, type Topic } from '@fangpin/contracts';
import { Outbox, type ConsumedEvent, type EventHandler, type EventPart } from '@fangpin/messaging';
import type { Tx } from '@fangpin/persistence';
import { EventConsumer } from '@fangpin/service-kit';
import { readAlertColumns, type AlertColumns } from './alert-columns.js';
import { PARKED } from './outcome.js';
import { TriageAlerts } from './triage-alerts.js';
import { AnswerColumns, answerMessages } from './triage-answers.js';

/** Hears what risk-alerts finds. Runs as the writer (consume-as-writer.ts), so that effect, progress and answer commit together. */
@EventConsumer()
export class AlertBatchConsumer implements EventHandler<AlertBatch, AlertColumns> {
  readonly topic: Topic<AlertBatch> = alertTopicOf('live');

  constructor(
    private readonly triage: TriageAlerts,
    private readonly outbox: Outbox,
  ) {}

  handle(events: readonly ConsumedEvent<AlertBatch, AlertColumns>[], tx: Tx): Promise<void> {
    return this.triage.execute(
      events.map(({ read }) => read),
      tx,
    );
  }

  /** Some hundred alerts a message: their columns come as numbers, and amounts are left out. */
  read(value: Uint8Array): AlertColumns {
    return readAlertColumns(value);
  }

  /** One household each, so that a poisoned one parks alone. */
  split({ data }: ConsumedEvent<AlertBatch>): EventPart<AlertBatch>[] {
    return data.householdIds.map((householdId, i) => ({
      key: `${data.township}/${data.origin}/${householdId}`,
      data: create(AlertBatchSchema, {
        ...data,
        householdIds: [householdId],
        dutyCodes: data.dutyCodes.slice(i, i + 1),
        persons: data.persons.slice(i, i + 1),
        severities: data.severities.slice(i, i + 1),
        lossFen: data.lossFen.slice(i, i + 1),
        projectedFen: data.projectedFen.slice(i, i + 1),
        reasons: data.reasons.slice(i, i + 1),
      }),
    }));
  }

  /** The ledger of the shock counts what could not be taken in, too. */
  async parked({ data }: EventPart<AlertBatch>, _event: ConsumedEvent<AlertBatch>, tx: Tx): Promise<void> {
    const head = {
      shockId: data.shockId,
      origin: Number(data.origin),
      alertRevision: Number(data.revision),
      township: data.township,
    };
    const rows = new AnswerColumns();
    for (const id of data.householdIds) rows.add(Number(id), PARKED, 0);
    await this.outbox.add(tx, topics.case, answerMessages(head, rows));
  }
}

/**
 * The same alerts where they may wait: batches of findings, a policy applied backwards, what is published again. They have a
 * consumer group of their own, so that live partitions never wait for these, and are taken in while nothing live is in hand,
 * at the latest after a bounded wait (`givingWay` of libs/messaging). Revisions carry the order between the two topics.
 */
@EventConsumer()
export class BulkAlertBatchConsumer extends AlertBatchConsumer {
  override readonly topic = alertTopicOf('bulk');
}
