/** Kafka in: how the owners compare with the exposure. Kept beside the question; the worker goes into it. */
import { toBinary } from '@bufbuild/protobuf';
import {
  AssessmentsTalliedSchema,
  HouseholdsTalliedSchema,
  topics,
  type AssessmentsTallied,
  type HouseholdsTallied,
} from '@fangpin/contracts';
import type { ConsumedEvent, EventHandler } from '@fangpin/messaging';
import type { Tx } from '@fangpin/persistence';
import { EventConsumer } from '@fangpin/service-kit';
import { TOWNSHIP_SPAN } from '../../fan-out/township.js';
import type { Subject } from './subjects.js';

@EventConsumer()
export class HouseholdsTalliedConsumer implements EventHandler<HouseholdsTallied> {
  readonly topic = topics.householdTally;

  async handle(events: readonly ConsumedEvent<HouseholdsTallied>[], tx: Tx): Promise<void> {
    for (const { data } of events) await keepReply(tx, 'households', data, toBinary(HouseholdsTalliedSchema, data));
  }
}

@EventConsumer()
export class AssessmentsTalliedConsumer implements EventHandler<AssessmentsTallied> {
  readonly topic = topics.assessmentTally;

  async handle(events: readonly ConsumedEvent<AssessmentsTallied>[], tx: Tx): Promise<void> {
    for (const { data } of events) await keepReply(tx, 'assessments', data, toBinary(AssessmentsTalliedSchema, data));
  }
}

/** One to an earlier round, or to a question that is settled, changes nothing. */
async function keepReply(
  tx: Tx,
  subject: Subject,
  { reconciliation, township, round }: HouseholdsTallied | AssessmentsTallied,
  reply: Uint8Array,
): Promise<void> {
  await tx.execute(
    `UPDATE reconciliation_exposure SET reply = $5
     WHERE reconciliation_no = $1 AND subject = $2 AND duty_code = $3 AND round = $4 AND state = 'asked'`,
    [Number(reconciliation), subject, Number(township) * TOWNSHIP_SPAN, round, Buffer.from(reply)],
  );
}
