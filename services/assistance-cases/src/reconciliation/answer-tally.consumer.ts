/**
 * Kafka in: what risk-alerts holds of the answers of one shock in one township, or of some hundred findings (docs/adr/0024,
 * docs/adr/0037, docs/adr/0042). Where the own rows say otherwise, all of them are said again, and then how they add up.
 */
import { topics, type AnswerTally } from '@fangpin/contracts';
import { Outbox, type ConsumedEvent, type EventHandler } from '@fangpin/messaging';
import type { Tx } from '@fangpin/persistence';
import type { PolicySet } from '@fangpin/policy';
import { EventConsumer } from '@fangpin/service-kit';
import { Inject } from '@nestjs/common';
import { POLICY } from '../policy/policy.module.js';
import { TriagePolicy } from '../triage/triage-policy.js';
import { NOTHING, tallyOfFindings, talliesOfOrigin } from './own-tallies.js';
import { replyTo, type Question } from './reply.js';
import { saidAgain, SaidAgainByTownship } from './said-again.js';

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
    const byShock = Map.groupBy(
      events.map(({ data }) => data),
      ({ origins, origin }) => (origins.length > 0 ? null : Number(origin)),
    );
    for (const [origin, asked] of byShock)
      if (origin === null) for (const one of asked) await this.answerOfFindings(tx, one);
      else await this.answerOfShock(tx, origin, asked);
  }

  private async answerOfFindings(tx: Tx, asked: AnswerTally): Promise<void> {
    const origins = asked.origins.map(Number);
    const own = await tallyOfFindings(tx, origins, asksChecks(asked), this.policy);
    const question = questionOf(asked, own);
    const again = question.agreed
      ? []
      : await saidAgain(tx, { origins, townships: null }, question, asked.township, this.policy);
    await this.outbox.add(tx, topics.case, [...again, await replyTo(tx, question)]);
  }

  /** Questions about one shock that were fetched together: its rows are read once for all of its townships. */
  private async answerOfShock(tx: Tx, origin: number, asked: readonly AnswerTally[]): Promise<void> {
    const townships = asked.map(({ township }) => township);
    const tallies = await talliesOfOrigin(tx, origin, townships, asked.some(asksChecks), this.policy);
    const questions = asked.map((one) => questionOf(one, tallies.get(one.township) ?? NOTHING));
    const again = new SaidAgainByTownship(tx, origin, questions, this.policy);
    for (const question of questions)
      await this.outbox.add(tx, topics.case, [...(await again.of(question)), await replyTo(tx, question)]);
  }
}

const asksChecks = ({ checksHash }: AnswerTally): boolean => checksHash !== undefined;

function questionOf(asked: AnswerTally, own: Question['own']): Question {
  const sameAnswers = own.households === asked.households && own.hash === asked.hash;
  const sameChecks = !asksChecks(asked) || (own.checks === asked.checks && own.checksHash === asked.checksHash);
  return { asked, own, sameAnswers, agreed: sameAnswers && sameChecks };
}
