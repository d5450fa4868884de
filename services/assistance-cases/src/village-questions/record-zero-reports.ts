import { Inject, Injectable } from '@nestjs/common';
import { dutyCodeOf, parseRegionCode, regionOfDuty, type Clock } from '@fangpin/domain-kit';
import { Outbox } from '@fangpin/messaging';
import { Database, type Tx } from '@fangpin/persistence';
import { assertWithin, CLOCK, idempotent, type Caller } from '@fangpin/service-kit';
import { readBody } from '../http/read-body.js';
import { NOT_HIT } from './answer.rules.js';
import { ZeroReportRequest } from './dto/answer.request.js';
import type { ZeroReportRefusal, ZeroReportResponse } from './dto/question.response.js';
import type { QuestionKey } from './question-id.js';
import { FIRST_SETTLED_CODE, questionStates } from './question-states.js';
import { settleQuestions } from './settle-questions.js';

export interface ZeroReportCommand {
  readonly body: unknown;
  readonly caller: Caller;
  readonly idempotencyKey: string | undefined;
}

interface LastQuestion {
  origin: number;
  duty_code: number;
  state: number;
  [column: string]: unknown;
}

const REFUSALS: Readonly<Record<'hit' | 'withdrawn' | 'none', Omit<ZeroReportRefusal, 'village'>>> = {
  hit: { code: 'VILLAGE_QUESTION.ANSWERED_HIT', text: '该村已报受灾，请逐村更正' },
  withdrawn: { code: 'VILLAGE_QUESTION.WITHDRAWN', text: '相关预警或灾情报告已取消、变更，不再询问该村' },
  none: { code: 'VILLAGE_QUESTION.NOT_ASKED', text: '该村没有待答复的询问' },
};

/** 未受灾 for many villages at once: the zero report of a township that has asked its villages itself. */
@Injectable()
export class RecordZeroReports {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Villages that cannot be answered for are named with the reason; the others are taken. Refuses villages of other areas (403). */
  async execute({ body, caller, idempotencyKey: key }: ZeroReportCommand): Promise<ZeroReportResponse> {
    const request = await readBody(ZeroReportRequest, body);
    const villages = [...new Set(request.villages.map((code) => parseRegionCode(code, 'villages')))];
    for (const village of villages) assertWithin(caller, village);
    return this.database.transaction(caller.scope, async (tx) => {
      const route = 'POST /v1/village-questions/answers';
      const answer = await idempotent(tx, { key, route, caller, body }, async () => ({
        status: 200,
        body: await this.take(tx, villages.map(dutyCodeOf), request.note, caller),
      }));
      return answer.body;
    });
  }

  private async take(
    tx: Tx,
    villages: readonly number[],
    note: string | undefined,
    caller: Caller,
  ): Promise<ZeroReportResponse> {
    const last = await lastQuestions(tx, villages);
    const open: QuestionKey[] = [];
    const refused: ZeroReportRefusal[] = [];
    let unchanged = 0;
    for (const dutyCode of villages) {
      const question = last.get(dutyCode);
      const state = question?.state;
      if (question !== undefined && question.state < FIRST_SETTLED_CODE)
        open.push({ origin: question.origin, dutyCode });
      else if (state === questionStates['not-hit'].code) unchanged += 1;
      else {
        const why = state === questionStates.hit.code ? 'hit' : state === undefined ? 'none' : 'withdrawn';
        refused.push({ village: regionOfDuty(dutyCode, 'village'), ...REFUSALS[why] });
      }
    }
    const settling = { reply: NOT_HIT, note, at: this.clock.now(), caller };
    if (open.length > 0) await settleQuestions(tx, this.outbox, open, settling);
    return { answered: open.length, unchanged, refused };
  }
}

/** The last question of each village: the open one, which is locked, or else the one that was put last. */
async function lastQuestions(tx: Tx, villages: readonly number[]): Promise<Map<number, LastQuestion>> {
  await tx.query(
    `SELECT 1 FROM village_questions WHERE duty_code = ANY($1::bigint[]) AND state < ${FIRST_SETTLED_CODE}
      ORDER BY duty_code FOR UPDATE`,
    [villages],
  );
  const rows = await tx.query<LastQuestion>(
    `SELECT DISTINCT ON (duty_code) origin, duty_code, state FROM village_questions
      WHERE duty_code = ANY($1::bigint[]) ORDER BY duty_code, (state < ${FIRST_SETTLED_CODE}) DESC, asked_at DESC`,
    [villages],
  );
  return new Map(rows.map((row) => [row.duty_code, row]));
}
