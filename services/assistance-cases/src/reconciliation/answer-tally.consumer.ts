/**
 * Kafka in: what risk-alerts holds of the answers of one shock in one township, or of some hundred findings (docs/adr/0024,
 * docs/adr/0037). Where the own rows say otherwise, all of them are said again, and then how they add up.
 */
import { createHash } from 'node:crypto';
import { create } from '@bufbuild/protobuf';
import { CaseEventSchema, topics, type AnswerTally } from '@fangpin/contracts';
import { COUNTRY, dutyRange } from '@fangpin/domain-kit';
import { encodeEvent, Outbox, type ConsumedEvent, type EventHandler, type OutgoingMessage } from '@fangpin/messaging';
import type { Tx } from '@fangpin/persistence';
import type { PolicySet } from '@fangpin/policy';
import { EventConsumer } from '@fangpin/service-kit';
import { Inject } from '@nestjs/common';
import { POLICY } from '../policy/policy.module.js';
import { isStanding } from '../triage/outcome.js';
import {
  messagesOfRows,
  ofOrigin,
  standingRows,
  type AnswersAsked,
  type StandingRow,
} from '../triage/standing-answers.js';
import { TriagePolicy } from '../triage/triage-policy.js';

@EventConsumer()
export class AnswerTallyConsumer implements EventHandler<AnswerTally> {
  readonly topic = topics.answerTally;

  private readonly policy: TriagePolicy;

  constructor(
    private readonly outbox: Outbox,
    @Inject(POLICY) policy: PolicySet,
  ) {
    this.policy = new TriagePolicy(policy);
  }

  async handle(events: readonly ConsumedEvent<AnswerTally>[], tx: Tx): Promise<void> {
    for (const { data } of events) await this.outbox.add(tx, topics.case, await answerOf(data, tx, this.policy));
  }
}

/** Answers and tally travel in one partition, in this order: who has read the tally has read the answers. */
async function answerOf(asked: AnswerTally, tx: Tx, policy: TriagePolicy): Promise<OutgoingMessage[]> {
  const { origin, township, reconciliation, shockId } = asked;
  const which = asked.origins.length === 0 ? ofOrigin(Number(origin), township) : ofFindings(asked);
  const rows = await standingRows(tx, which);
  const hash = hashOf(rows, asked.origins.length > 0);
  const agreed = rows.length === asked.households && hash === asked.hash;
  const tallied = create(CaseEventSchema, {
    body: {
      case: 'tallied',
      value: { reconciliation, shockId, origin, township, households: rows.length, hash, agreed },
    },
  });
  return [
    ...(agreed ? [] : await messagesOfRows(tx, rows, which, policy)),
    encodeEvent(topics.case, tallied, { key: township }),
  ];
}

/** Findings are named one by one, and their households may live in any township by now. */
function ofFindings({ origins, township }: AnswerTally): AnswersAsked {
  return { origins: origins.map(Number), range: dutyRange(COUNTRY), township };
}

/** As the contract has it (AnswerTally.hash); the rows come in order of origin and household. */
function hashOf(rows: readonly StandingRow[], byOrigin: boolean): string {
  if (rows.length === 0) return '';
  const lines = rows.map(({ origin, household_id, alert_revision, outcome }) =>
    [...(byOrigin ? [origin] : []), household_id, alert_revision, isStanding(outcome) ? 0 : 1].join(':'),
  );
  return createHash('md5').update(lines.join(',')).digest('hex');
}
