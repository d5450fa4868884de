import { topics, type VillageAnswer } from '@fangpin/contracts';
import type { ConsumedEvent, EventHandler } from '@fangpin/messaging';
import type { Tx } from '@fangpin/persistence';
import { EventConsumer } from '@fangpin/service-kit';
import { TakeVillageAnswers } from './take-village-answers.js';
import { answerHeard } from './village-answer.js';

/** Hears what villages answer after a notice. */
@EventConsumer()
export class VillageAnswerConsumer implements EventHandler<VillageAnswer> {
  readonly topic = topics.villageAnswer;

  constructor(private readonly takeAnswers: TakeVillageAnswers) {}

  handle(events: readonly ConsumedEvent<VillageAnswer>[], tx: Tx): Promise<void> {
    return this.takeAnswers.execute(
      events.map(({ data }) => answerHeard(data)),
      tx,
    );
  }
}
