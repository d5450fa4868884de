import { Access, CurrentCaller, PageQuery, readPage, type Caller } from '@fangpin/service-kit';
import { Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { ReadReconciliations } from './read-reconciliations.js';
import { ReconciliationPage } from './reconciliation.responses.js';
import { StartReconciliation } from './start-reconciliation.js';

export class ReconciliationStarted {
  @ApiProperty({ example: 12 })
  id!: number;
}

const MOST = 30;

@ApiTags('reconciliations')
@ApiBearerAuth()
@Controller('v1/reconciliations')
export class ReconciliationsController {
  constructor(
    private readonly start: StartReconciliation,
    private readonly read: ReadReconciliations,
  ) {}

  /** Compares exposure with the register and the income ledger, alerts and answers with assistance-cases, now, besides once a day. While one runs, answers that one. */
  @Post()
  @HttpCode(202)
  @Access('operator')
  @ApiOperation({ summary: 'Compare exposure, alerts and answers between the services now' })
  @ApiAcceptedResponse({ type: ReconciliationStarted })
  async begin(@CurrentCaller() caller: Caller): Promise<ReconciliationStarted> {
    return { id: await this.start.execute(caller.subject) };
  }

  /** Comparisons, latest first, with what they found in the caller's area. At most 30 a page. */
  @Get()
  @Access('operator', 'auditor', 'county-officer', 'prefecture-analyst')
  @ApiOperation({ summary: 'Comparisons between the services and what they found' })
  @ApiOkResponse({ type: ReconciliationPage })
  list(@Query() query: PageQuery, @CurrentCaller() caller: Caller): Promise<ReconciliationPage> {
    return this.read.list(readPage(query, { max: MOST, default: MOST }), caller.scope);
  }
}
