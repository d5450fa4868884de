/** Kafka in: what assistance-cases answered. */
import { topics, type CaseEvent, type CaseStepped } from '@fangpin/contracts';
import type { ConsumedEvent, EventHandler } from '@fangpin/messaging';
import { parseDerivedId } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import { EventConsumer } from '@fangpin/service-kit';
import { Injectable } from '@nestjs/common';
import { noteChecks } from '../episodes/note-checks.js';
import { noteCaseStep } from '../episodes/note-case-step.js';
import { Wakeups } from '../fan-out/wakeups.js';
import { takeReply } from '../reconciliation/take-reply.js';
import { answersFanOut, readTriageAnswer, storeAnswers, type TriageAnswer } from './triage-answers.js';

@EventConsumer()
@Injectable()
export class CaseEventConsumer implements EventHandler<CaseEvent, TriageAnswer | undefined> {
  readonly topic = topics.case;

  constructor(private readonly wakeups: Wakeups) {}

  async handle(events: readonly ConsumedEvent<CaseEvent, TriageAnswer | undefined>[], tx: Tx): Promise<void> {
    // Answers first, and together: a tally that was said behind them counts them.
    const answers = events.flatMap(({ read }) => read ?? []);
    await storeAnswers(tx, answers);
    for (const event of events) {
      if (event.read !== undefined) continue;
      const { body } = event.data;
      if (body.case === 'stepped') await storeStep(tx, body.value);
      if (body.case === 'checked') await noteChecks(tx, body.value);
      if (body.case === 'tallied') await takeReply(tx, body.value);
    }
    // Only a fan-out waits for answers to settle; a finding has none.
    if (await answersFanOut(tx, answers)) tx.afterCommit(() => this.wakeups.wake());
  }

  /** Answers, some hundred households a message, as columns of numbers. */
  read(value: Uint8Array): TriageAnswer | undefined {
    return readTriageAnswer(value);
  }
}

async function storeStep(tx: Tx, step: CaseStepped): Promise<void> {
  const { origin, householdId } = parseDerivedId(step.caseId, 'caseId');
  const newer = await tx.execute(
    `INSERT INTO case_states AS c (case_origin, household_id, duty_code, revision, state) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (case_origin, household_id) DO UPDATE SET
       duty_code = excluded.duty_code, revision = excluded.revision, state = excluded.state
     WHERE c.revision < excluded.revision`,
    [origin, householdId, Number(step.dutyCode), Number(step.revision), step.state],
  );
  if (newer > 0) await noteCaseStep(tx, origin, householdId, Number(step.dutyCode));
}
