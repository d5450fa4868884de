import { Body, Controller, Get, Headers, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Clock } from '@fangpin/domain-kit';
import { Database } from '@fangpin/persistence';
import { Access, type Caller, CLOCK, CurrentCaller, etagOf, householdReaders, type Page } from '@fangpin/service-kit';
import { TakeStep } from './commands/take-step.js';
import { CaseQuery } from './dto/case.query.js';
import { CaseHistoryResponse, CasePage, CaseResponse, type CaseSummary } from './dto/case.response.js';
import { TakeStepRequest } from './dto/take-step.request.js';
import { listCases } from './queries/list-cases.js';
import { readCase, type CaseDetail } from './queries/read-case.js';
import { readHistory } from './queries/read-history.js';

@ApiTags('cases')
@Access(...householdReaders)
@Controller('v1/cases')
export class CasesController {
  constructor(
    private readonly database: Database,
    private readonly takeStep: TakeStep,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'Cases of an area, what is due first ahead',
    description: "An area outside the caller's is 403.",
  })
  @ApiOkResponse({ type: CasePage })
  list(@Query() query: CaseQuery, @CurrentCaller() caller: Caller): Promise<Page<CaseSummary>> {
    return this.database.transaction(caller.scope, (tx) => listCases(tx, query, caller, this.clock.now()));
  }

  @Get(':id')
  @ApiOperation({
    summary: 'A case, with what the caller may do',
    description:
      'With all alerts of the household, of whatever cause: what opened the case, was attached to it, or stands on the check list ' +
      'and goes with it. Every action of the life cycle is listed: allowed with what its body must carry, or refused with at least one reason. ' +
      'A case outside the caller’s area is 404. The ETag goes into If-Match of an action.',
  })
  @ApiOkResponse({ type: CaseResponse })
  async read(
    @Param('id') id: string,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CaseResponse> {
    const found = await this.database.transaction(caller.scope, (tx) =>
      readCase(tx, id, caller.role, this.clock.now()),
    );
    return withEtag(found, reply);
  }

  @Get(':id/history')
  @ApiOperation({ summary: 'All that happened to a case, oldest first', description: 'By people and by the machine.' })
  @ApiOkResponse({ type: CaseHistoryResponse })
  history(@Param('id') id: string, @CurrentCaller() caller: Caller): Promise<CaseHistoryResponse> {
    return this.database.transaction(caller.scope, async (tx) => ({ items: await readHistory(tx, id) }));
  }

  @Post(':id/actions/:action')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Take a step of a case',
    description:
      'State and role are looked at before the body: 409 or 403 with `code` and `reasons`, even for `{}`; then 400 names every ' +
      'bad or missing member. Dismissal needs the reason the household was told, two checkers and the day of telling, ' +
      'and answers the open check items of the household as well. Answers the case after the step.',
  })
  @ApiHeader({
    name: 'If-Match',
    required: false,
    description: 'ETag of the case as it was read; 412 when it has moved.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'A repeat with it gets the first answer.' })
  @ApiBody({ type: TakeStepRequest, required: false })
  @ApiOkResponse({ type: CaseResponse })
  async step(
    @Param('id') id: string,
    @Param('action') action: string,
    @Body() body: unknown,
    @Headers('if-match') ifMatch: string | undefined,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CaseResponse> {
    return withEtag(await this.takeStep.execute({ id, action, body, ifMatch, idempotencyKey, caller }), reply);
  }
}

function withEtag({ revision, ...shown }: CaseDetail, reply: FastifyReply): CaseResponse {
  reply.header('etag', etagOf(revision));
  return shown;
}
