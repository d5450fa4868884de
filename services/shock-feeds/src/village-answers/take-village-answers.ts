/** The use case: keeps what villages answered and, where one was hit, makes a shock of it, set by set. */
import type { Clock } from '@fangpin/domain-kit';
import { NotFound } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import { PolicySet } from '@fangpin/policy';
import { CLOCK } from '@fangpin/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { digestOf, type Received } from '../intake/received.js';
import { TakeStatements, type StatementInHand } from '../intake/take-statements.js';
import type { Statement } from '../shocks/chain.rule.js';
import { storeStatement } from '../shocks/stored-statement.js';
import { loadNotices, recordObserved, storeAnswers, type StoredAnswer } from './answer-rows.js';
import { harmStatement, recallStatement } from './observed-harm.rule.js';
import { latestOfEach, type AnswerHeard } from './village-answer.js';

@Injectable()
export class TakeVillageAnswers {
  constructor(
    private readonly statements: TakeStatements,
    private readonly policy: PolicySet,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * A higher revision holds, the rest changes nothing. One answer about several notices becomes one shock, that of the
   * notice which stands for it. 受灾 to a notice that is not known here (a restored database) is refused: it parks.
   */
  async execute(heard: readonly AnswerHeard[], tx: Tx): Promise<void> {
    const newer = await storeAnswers(tx, latestOfEach(heard));
    const hits = newer.filter(({ answer }) => answer.state === 'hit' && answer.principalShockId === answer.shockId);
    const recalls = newer.filter(
      ({ answer, observedShockId }) => answer.state === 'not-hit' && observedShockId !== null,
    );
    if (hits.length + recalls.length === 0) return;
    const now = this.clock.now();
    const harm = await this.#harm(tx, hits);
    const said = [...harm, ...recalls.map(({ answer }) => recallStatement(answer, now))];
    const received: Received = { at: now, by: 'assistance-cases' };
    const taken = await this.statements.takeAll(
      tx,
      said.map((statement) => inHand(statement, received)),
    );
    await recordObserved(
      tx,
      hits.map(({ answer: { shockId, village } }, i) => ({
        shockId,
        village,
        observedShockId: taken[i]?.shockId ?? null,
      })),
    );
  }

  async #harm(tx: Tx, hits: readonly StoredAnswer[]): Promise<Statement[]> {
    const notices = await loadNotices(
      tx,
      hits.map(({ answer }) => answer.shockId),
    );
    return hits.map(({ answer, observedShockId }) => {
      const notice = notices.get(answer.shockId);
      if (notice === undefined) throw new NotFound('shock', answer.shockId);
      return harmStatement(answer, notice, this.policy, observedShockId !== null);
    });
  }
}

function inHand(statement: Statement, received: Received): StatementInHand {
  const digest = digestOf(JSON.stringify(storeStatement(statement)));
  return { origin: 'report', digest, received, statement, recorded: false, problems: [] };
}
