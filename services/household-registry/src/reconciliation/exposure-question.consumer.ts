/** Kafka in: what risk-alerts holds of households (docs/adr/0032). */
import { create } from '@bufbuild/protobuf';
import { ExposureSubject, HouseholdsTalliedSchema, topics } from '@fangpin/contracts';
import { encodeEvent, Outbox } from '@fangpin/messaging';
import type { Tx } from '@fangpin/persistence';
import { EventConsumer, ExposureOwner, type OwnerAnswer } from '@fangpin/service-kit';
import { heldHouseholds } from './held-households.js';
import { sayAgain } from './say-again.js';

@EventConsumer()
export class ExposureQuestionConsumer extends ExposureOwner {
  protected readonly subject = ExposureSubject.HOUSEHOLDS;
  protected readonly held = heldHouseholds;

  constructor(private readonly outbox: Outbox) {
    super();
  }

  protected sayAgain(tx: Tx, householdIds: readonly number[]): Promise<void> {
    return sayAgain(tx, this.outbox, householdIds);
  }

  protected answer(tx: Tx, answer: OwnerAnswer): Promise<void> {
    const tallied = create(HouseholdsTalliedSchema, answer);
    return this.outbox.add(tx, topics.householdTally, [
      encodeEvent(topics.householdTally, tallied, { key: answer.township }),
    ]);
  }
}
