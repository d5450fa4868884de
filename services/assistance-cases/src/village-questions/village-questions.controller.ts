import { Body, Controller, Get, Headers, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Clock } from '@fangpin/domain-kit';
import { Database } from '@fangpin/persistence';
import type { PolicySet } from '@fangpin/policy';
import { Access, type Caller, CLOCK, CurrentCaller, etagOf, householdReaders, type Page } from '@fangpin/service-kit';
import { POLICY } from '../policy/policy.module.js';
import { AnswerRequest, ZeroReportRequest } from './dto/answer.request.js';
import { QuestionQuery, QuestionSummaryQuery } from './dto/question.query.js';
import {
  AnswerTakenResponse,
  QuestionDetailResponse,
  QuestionPage,
  QuestionSummaryResponse,
  ZeroReportResponse,
  type QuestionResponse,
} from './dto/question.response.js';
import { listQuestions } from './list-questions.js';
import { readQuestion } from './read-question.js';
import { RecordAnswer } from './record-answer.js';
import { RecordZeroReports } from './record-zero-reports.js';
import { summarizeQuestions } from './summarize-questions.js';

@ApiTags('village questions')
@Controller('v1/village-questions')
export class VillageQuestionsController {
  constructor(
    private readonly database: Database,
    private readonly recordAnswer: RecordAnswer,
    private readonly recordZeroReports: RecordZeroReports,
    @Inject(POLICY) private readonly policy: PolicySet,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @Access(...householdReaders)
  @ApiOperation({
    summary: 'What villages are asked after a notice has ended, or by a wide damage report: 受灾 or 未受灾',
    description:
      'In the order in which answers are due. A village owes one answer at a time: all notices that ended while its question ' +
      'was open, and all damage reports whose figures are of a wider area, share it; `askedBy` tells them apart. ' +
      "An area outside the caller's is 403.",
  })
  @ApiOkResponse({ type: QuestionPage })
  list(@Query() query: QuestionQuery, @CurrentCaller() caller: Caller): Promise<Page<QuestionResponse>> {
    return this.database.transaction(caller.scope, (tx) => listQuestions(tx, query, caller, this.clock.now()));
  }

  @Get('summary')
  @Access(...householdReaders)
  @ApiOperation({
    summary: 'How far the villages of an area have answered, by township',
    description: '`asked` = `hit` + `notHit` + `open`, and `open` holds `overdue`. Withdrawn questions are left out.',
  })
  @ApiOkResponse({ type: QuestionSummaryResponse })
  summary(@Query() query: QuestionSummaryQuery, @CurrentCaller() caller: Caller): Promise<QuestionSummaryResponse> {
    return this.database.transaction(caller.scope, (tx) => summarizeQuestions(tx, query, caller, this.clock.now()));
  }

  @Get(':id')
  @Access(...householdReaders)
  @ApiOperation({
    summary: 'A question with its answer and the corrections of it',
    description: "One outside the caller's area is 404. The ETag goes into If-Match of a correction.",
  })
  @ApiOkResponse({ type: QuestionDetailResponse })
  async read(
    @Param('id') id: string,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<QuestionDetailResponse> {
    const { revision, ...shown } = await this.database.transaction(caller.scope, (tx) =>
      readQuestion(tx, id, this.policy, this.clock.now()),
    );
    reply.header('etag', etagOf(revision));
    return shown;
  }

  @Post('answers')
  @HttpCode(200)
  @Access('township-caseworker', 'county-officer')
  @ApiOperation({
    summary: 'A zero report of a township: 未受灾 for many villages at once',
    description:
      'Answers the open question of each village named. A village that has none, or has answered 受灾, is named in `refused` ' +
      "with the reason; the others are taken. A village outside the caller's area is 403 for all.",
  })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'A repeat with it gets the first answer.' })
  @ApiBody({ type: ZeroReportRequest })
  @ApiOkResponse({ type: ZeroReportResponse })
  zeroReports(
    @Body() body: unknown,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @CurrentCaller() caller: Caller,
  ): Promise<ZeroReportResponse> {
    return this.recordZeroReports.execute({ body, idempotencyKey, caller });
  }

  @Post(':id/answer')
  @HttpCode(200)
  @Access('village-monitor', 'resident-team', 'township-caseworker', 'county-officer')
  @ApiOperation({
    summary: 'Answer 受灾, with first figures, or 未受灾',
    description:
      'Counts for all notices and reports of the question. A late answer is taken. The same answer again changes nothing; another one is a ' +
      'correction: it needs If-Match (428, 412) and is refused once the hours of policy are over (409). A withdrawn question ' +
      'is 409. 受灾 becomes an observed shock of the village; put right to 未受灾, it is recalled.',
  })
  @ApiHeader({ name: 'If-Match', required: false, description: 'ETag of the answer that is put right.' })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'A repeat with it gets the first answer.' })
  @ApiBody({ type: AnswerRequest })
  @ApiOkResponse({ type: AnswerTakenResponse })
  async answer(
    @Param('id') id: string,
    @Body() body: unknown,
    @Headers('if-match') ifMatch: string | undefined,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AnswerTakenResponse> {
    const taken = await this.recordAnswer.execute({ id, body, ifMatch, idempotencyKey, caller });
    reply.header('etag', taken.etag);
    return taken;
  }
}
