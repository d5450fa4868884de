import { Inject, Injectable } from '@nestjs/common';
import { NotFound, regionOfDuty, toBeijingTime, type Clock } from '@fangpin/domain-kit';
import { Outbox } from '@fangpin/messaging';
import { Database, type Tx } from '@fangpin/persistence';
import type { PolicySet } from '@fangpin/policy';
import { CLOCK, etagOf, idempotent, requireMatch, type Caller } from '@fangpin/service-kit';
import { readBody } from '../http/read-body.js';
import { POLICY } from '../policy/policy.module.js';
import { answerProblems, replyOf, saysTheSame, type VillageReply } from './answer.rules.js';
import { AnswerRequest } from './dto/answer.request.js';
import type { AnswerTakenResponse } from './dto/question.response.js';
import { correctableUntil } from './question-due.js';
import { QuestionEntity } from './question.entity.js';
import { CorrectionTimeOver, QuestionWithdrawn } from './question.errors.js';
import { parseQuestionId, questionIdOf } from './question-id.js';
import { questionStateOf, questionStates } from './question-states.js';
import { settleQuestions } from './settle-questions.js';

export interface RecordAnswerCommand {
  readonly id: string;
  readonly body: unknown;
  readonly caller: Caller;
  readonly ifMatch: string | undefined;
  readonly idempotencyKey: string | undefined;
}

/** Takes what a village answers, or puts right what it has answered. */
@Injectable()
export class RecordAnswer {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    @Inject(POLICY) private readonly policy: PolicySet,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * The same answer again changes nothing. Another one is a correction: it needs the ETag of the answer that it corrects
   * (428, 412) and is refused once the hours of policy are over (409). A late answer is taken: overdue is no lock.
   */
  execute({ id, body, caller, ifMatch, idempotencyKey: key }: RecordAnswerCommand): Promise<AnswerTakenResponse> {
    return this.database.transaction(caller.scope, async (tx) => {
      const question = await lockQuestion(tx, id);
      const route = `POST /v1/village-questions/${id}/answer`;
      const answer = await idempotent(tx, { key, route, caller, body: body ?? {} }, async () => {
        if (questionStateOf(question.state) === 'withdrawn') throw new QuestionWithdrawn();
        return { status: 200, body: await this.take(tx, question, body, { caller, ifMatch }) };
      });
      return answer.body;
    });
  }

  private async take(
    tx: Tx,
    question: QuestionEntity,
    body: unknown,
    { caller, ifMatch }: Pick<RecordAnswerCommand, 'caller' | 'ifMatch'>,
  ): Promise<AnswerTakenResponse> {
    const request = await readBody(AnswerRequest, body, answerProblems);
    const reply = replyOf(request);
    if (question.firstAnsweredAt !== null) {
      if (saysTheSame(reply, givenReply(question))) return shown(question, reply, question.revision, false);
      requireMatch(ifMatch, question.revision);
      const until = correctableUntil(this.policy, regionOfDuty(question.dutyCode, 'village'), question.firstAnsweredAt);
      if (this.clock.now() > until) throw new CorrectionTimeOver(toBeijingTime(until));
    } else if (ifMatch !== undefined) requireMatch(ifMatch, question.revision);
    const at = this.clock.now();
    const revisions = await settleQuestions(tx, this.outbox, [question], { reply, note: request.note, at, caller });
    return shown(question, reply, revisions.get(question.dutyCode) ?? question.revision, true);
  }
}

async function lockQuestion(tx: Tx, id: string): Promise<QuestionEntity> {
  const found = await tx.manager.findOne(QuestionEntity, {
    where: parseQuestionId(id),
    lock: { mode: 'pessimistic_write' },
  });
  if (found === null) throw new NotFound('village question', id);
  return found;
}

function givenReply(question: QuestionEntity): VillageReply {
  return { ...question, hit: question.state === questionStates.hit.code };
}

function shown(
  question: QuestionEntity,
  { hit }: VillageReply,
  revision: number,
  changed: boolean,
): AnswerTakenResponse {
  const state = hit ? 'hit' : 'not-hit';
  return {
    id: questionIdOf(question),
    village: regionOfDuty(question.dutyCode, 'village'),
    state,
    stateLabel: questionStates[state].label,
    changed,
    etag: etagOf(revision),
  };
}
