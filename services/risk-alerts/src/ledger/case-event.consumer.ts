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
    const answers = events.flatMap(({ data }) => (data.body.case === 'triage' ? [data.body.value] : []));
    await storeAnswers(tx, answers);
    for (const { data } of events) {
      if (data.body.case === 'stepped') await storeStep(tx, data.body.value);
      if (data.body.case === 'tallied') await takeReply(tx, data.body.value);
    }
    // Only a fan-out waits for answers to settle; a finding has none.
    if (await answersFanOut(tx, answers)) tx.afterCommit(() => this.wakeups.wake());
  }
}

/**
 * One row a message; a repeated one counts for nothing, because the ledger counts distinct households. All in one statement:
 * answers to findings come with a household each.
 */
async function storeAnswers(tx: Tx, answers: readonly TriageBatch[]): Promise<void> {
  if (answers.length === 0) return;
  await tx.execute(
    `INSERT INTO triage_answers (origin, alert_revision, duty_code, household_ids, outcomes, case_origins)
     SELECT origin, alert_revision, duty_code, household_ids::bigint[], outcomes::smallint[], case_origins::bigint[]
     FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[]) WITH ORDINALITY
       AS answer (origin, alert_revision, duty_code, household_ids, outcomes, case_origins, n) ORDER BY n`,
    [
      arrayLiteral(answers.map(({ origin }) => origin)),
      arrayLiteral(answers.map(({ alertRevision }) => alertRevision)),
      arrayLiteral(answers.map(({ township }) => Number(township) * TOWNSHIP_SPAN)),
      answers.map(({ householdIds }) => arrayLiteral(householdIds)),
      answers.map(({ outcomes }) => arrayLiteral(outcomes)),
      answers.map(({ caseOrigins }) => arrayLiteral(caseOrigins)),
    ],
  );
}

async function answersFanOut(tx: Tx, answers: readonly TriageBatch[]): Promise<boolean> {
  if (answers.length === 0) return false;
  const rows = await tx.query(`SELECT 1 FROM fan_outs WHERE origin = ANY($1::bigint[]) AND state = 'running' LIMIT 1`, [
    arrayLiteral([...new Set(answers.map(({ origin }) => origin))]),
  ]);
  return rows.length > 0;
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
