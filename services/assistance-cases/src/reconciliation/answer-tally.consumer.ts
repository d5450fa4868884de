/**
 * Kafka in: what risk-alerts holds of the answers of one shock in one township, or of some hundred findings (docs/adr/0024,
 * docs/adr/0037, docs/adr/0042). Where the own rows say otherwise, all of them are said again, and then how they add up.
 */
import { createHash } from 'node:crypto';
import { create } from '@bufbuild/protobuf';
import { AnswersTalliedSchema, CaseEventSchema, topics, type AnswerTally } from '@fangpin/contracts';
import { COUNTRY, dutyRange } from '@fangpin/domain-kit';
import { encodeEvent, Outbox, type ConsumedEvent, type EventHandler, type OutgoingMessage } from '@fangpin/messaging';
import type { Tx } from '@fangpin/persistence';
import type { PolicySet } from '@fangpin/policy';
import { EventConsumer } from '@fangpin/service-kit';
import { Inject } from '@nestjs/common';
import { POLICY } from '../policy/policy.module.js';
import { isStanding } from '../triage/outcome.js';
import {
  answersOfRows,
  ofOrigin,
  standingRows,
  type AnswersAsked,
  type StandingRow,
} from '../triage/standing-answers.js';
import { TriagePolicy } from '../triage/triage-policy.js';
import { checksAgain, ownChecks } from './own-checks.js';
import { otherJoints } from './other-joints.js';

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

/** Answers, checks and tally travel in one partition, in this order: who has read the tally has read what was said before it. */
async function answerOf(asked: AnswerTally, tx: Tx, policy: TriagePolicy): Promise<OutgoingMessage[]> {
  const { origin, township, reconciliation, shockId } = asked;
  const byOrigin = asked.origins.length > 0;
  const which = byOrigin ? ofFindings(asked) : ofOrigin(Number(origin), township);
  const rows = await standingRows(tx, which);
  const hash = hashOf(rows, byOrigin);
  const sameAnswers = rows.length === asked.households && hash === asked.hash;
  const asksChecks = asked.checksHash !== undefined;
  // Where answers are said again, what checks answer for is said again as well.
  const checks = asksChecks || !sameAnswers ? await ownChecks(tx, rows, which, byOrigin, policy) : undefined;
  const sameChecks = !asksChecks || (checks?.standing.length === asked.checks && checks.hash === asked.checksHash);
  const others = await otherJoints(tx, asked);
  const tallied = create(AnswersTalliedSchema, {
    ...{ reconciliation, shockId, origin, township, households: rows.length, hash },
    agreed: sameAnswers && sameChecks,
    ...(asksChecks && checks && { checks: checks.standing.length, checksHash: checks.hash }),
    otherOrigins: others.map((one) => BigInt(one.origin)),
    otherHouseholdIds: others.map((one) => BigInt(one.household_id)),
  });
  return [
    ...(sameAnswers ? [] : answersOfRows(rows, township)),
    ...(checks === undefined || tallied.agreed ? [] : await checksAgain(tx, checks, which)),
    encodeEvent(topics.case, create(CaseEventSchema, { body: { case: 'tallied', value: tallied } }), { key: township }),
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
