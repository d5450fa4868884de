import { Body, Controller, Get, Headers, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Clock } from '@fangpin/domain-kit';
import { Database } from '@fangpin/persistence';
import { Access, type Caller, CLOCK, CurrentCaller, householdReaders, type Page } from '@fangpin/service-kit';
import { CheckItemQuery } from './dto/check-item.query.js';
import { CheckItemPage, CheckItemResponse, CheckResultResponse } from './dto/check-item.response.js';
import { CheckResultRequest } from './dto/check-result.request.js';
import { listCheckItemsOf } from './list-check-items.js';
import { RecordResult } from './record-result.js';

@ApiTags('check items')
@Controller('v1/check-items')
export class CheckItemsController {
  constructor(
    private readonly database: Database,
    private readonly recordResult: RecordResult,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @Access(...householdReaders)
  @ApiOperation({
    summary: 'The check list (排查清单) of an area, what is due first ahead',
    description:
      'Each item says which other open items its household has (`sameVisit`) and with which open case it goes (`joinedCase`): a ' +
      'household is visited once for all of it. An area outside the caller’s is 403.',
  })
  @ApiOkResponse({ type: CheckItemPage })
  list(@Query() query: CheckItemQuery, @CurrentCaller() caller: Caller): Promise<Page<CheckItemResponse>> {
    return this.database.transaction(caller.scope, (tx) => listCheckItemsOf(tx, query, caller, this.clock.now()));
  }

  @Post(':id/result')
  @HttpCode(200)
  @Access('village-monitor', 'resident-team', 'helper', 'township-caseworker', 'county-officer')
  @ApiOperation({
    summary: 'Record what the check of a listed household found',
    description:
      '`no-risk` needs two checkers and is remembered: a repeat of the same cause asks for no visit unless it is worse. `risk` ' +
      'opens a case or joins the open one. `unreachable` keeps the item and starts its clock anew. `alsoAnswers` names other ' +
      'open items of the household that the same visit answers, all or none: a risk makes one case of them. An item that has its ' +
      'result is 409 with reasons, before the body is looked at; others that have another result are 409 as well, each named.',
  })
  @ApiHeader({ name: 'If-Match', required: false })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'A repeat with it gets the first answer.' })
  @ApiBody({ type: CheckResultRequest })
  @ApiOkResponse({ type: CheckResultResponse })
  result(
    @Param('id') id: string,
    @Body() body: unknown,
    @Headers('if-match') ifMatch: string | undefined,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @CurrentCaller() caller: Caller,
  ): Promise<CheckResultResponse> {
    return this.recordResult.execute({ id, body, ifMatch, idempotencyKey, caller });
  }
}
