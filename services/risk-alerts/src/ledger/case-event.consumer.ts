/** Kafka in: what assistance-cases answered. */
import { topics, type CaseEvent, type CaseStepped, type TriageBatch } from '@fangpin/contracts';
import type { ConsumedEvent, EventHandler } from '@fangpin/messaging';
import { parseDerivedId } from '@fangpin/domain-kit';
import { arrayLiteral, type Tx } from '@fangpin/persistence';
import { EventConsumer } from '@fangpin/service-kit';
import { Injectable } from '@nestjs/common';
import { TOWNSHIP_SPAN } from '../fan-out/township.js';
import { Wakeups } from '../fan-out/wakeups.js';
import { takeReply } from '../reconciliation/take-reply.js';

@EventConsumer()
@Injectable()
export class CaseEventConsumer implements EventHandler<CaseEvent> {
  readonly topic = topics.case;

  constructor(private readonly wakeups: Wakeups) {}

  async handle(events: readonly ConsumedEvent<CaseEvent>[], tx: Tx): Promise<void> {
    for (const { data } of events) {
      if (data.body.case === 'triage') await storeAnswer(tx, data.body.value);
      if (data.body.case === 'stepped') await storeStep(tx, data.body.value);
      if (data.body.case === 'tallied') await takeReply(tx, data.body.value);
    }
    tx.afterCommit(() => this.wakeups.wake());
  }
}

/** One row a message; a repeated one counts for nothing, because the ledger counts distinct households. */
async function storeAnswer(tx: Tx, triage: TriageBatch): Promise<void> {
  await tx.execute(
    `INSERT INTO triage_answers (origin, alert_revision, duty_code, household_ids, outcomes, case_origins)
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [
      Number(triage.origin),
      Number(triage.alertRevision),
      Number(triage.township) * TOWNSHIP_SPAN,
      arrayLiteral(triage.householdIds),
      arrayLiteral(triage.outcomes),
      arrayLiteral(triage.caseOrigins),
    ],
  );
}

async function storeStep(tx: Tx, step: CaseStepped): Promise<void> {
  const { origin, householdId } = parseDerivedId(step.caseId, 'caseId');
  await tx.execute(
    `INSERT INTO case_states AS c (case_origin, household_id, duty_code, revision, state) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (case_origin, household_id) DO UPDATE SET
       duty_code = excluded.duty_code, revision = excluded.revision, state = excluded.state
     WHERE c.revision < excluded.revision`,
    [origin, householdId, Number(step.dutyCode), Number(step.revision), step.state],
  );
}
