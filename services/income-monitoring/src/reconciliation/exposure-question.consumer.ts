/** Kafka in: what risk-alerts holds of income (docs/adr/0032). */
import { create } from '@bufbuild/protobuf';
import { ExposureSubject, AssessmentsTalliedSchema, topics } from '@fangpin/contracts';
import { encodeEvent, Outbox } from '@fangpin/messaging';
import type { Tx } from '@fangpin/persistence';
import { EventConsumer, ExposureOwner, type OwnerAnswer } from '@fangpin/service-kit';
import { heldAssessments } from './held-assessments.js';
import { sayAgain } from './say-again.js';

@EventConsumer()
export class ExposureQuestionConsumer extends ExposureOwner {
  protected readonly subject = ExposureSubject.ASSESSMENTS;
  protected readonly held = heldAssessments;

  constructor(private readonly outbox: Outbox) {
    super();
  }

  protected sayAgain(tx: Tx, householdIds: readonly number[]): Promise<void> {
    return sayAgain(tx, this.outbox, householdIds);
  }

  protected answer(tx: Tx, answer: OwnerAnswer): Promise<void> {
    const tallied = create(AssessmentsTalliedSchema, answer);
    return this.outbox.add(tx, topics.assessmentTally, [
      encodeEvent(topics.assessmentTally, tallied, { key: answer.township }),
    ]);
  }
}
