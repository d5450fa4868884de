import { Readable } from 'node:stream';
import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiConsumes,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import { Access, CurrentCaller, HttpRefusal, PageQuery, type Caller } from '@fangpin/service-kit';
import type { FastifyRequest } from 'fastify';
import { WithdrawRequest } from '../findings/dto/finding.request.js';
import { BatchErrorPage, BatchResponse, BatchTakenResponse } from './dto/batch.response.js';
import { ReadBatches, showBatch } from './read-batches.js';
import { ReceiveBatch } from './receive-batch.js';
import type { BatchBody } from './store-sheet.js';
import { WithdrawBatch } from './withdraw-batch.js';

/** Content types of sheets; their bodies reach the handler as a stream. */
export const sheetTypes = {
  'application/x-ndjson': 'ndjson',
  'application/ndjson': 'ndjson',
  'text/csv': 'csv',
} as const;

@ApiTags('department batches')
@ApiParam({ name: 'department', example: 'health-insurance' })
@Controller('v1/departments/:department/batches')
export class BatchesController {
  constructor(
    private readonly receive: ReceiveBatch,
    private readonly batches: ReadBatches,
    private readonly withdraw: WithdrawBatch,
  ) {}

  @Post()
  @HttpCode(202)
  @Access('department-client')
  @ApiOperation({
    summary: 'Push a batch of findings',
    description:
      'NDJSON with one finding a line, or CSV with a header of the same names (UTF-8, or as `charset` says: gb18030). Up to 100,000 rows ' +
      'and 16 MiB. Each row is checked while it arrives; what breaks rules is listed under errors and the rest is worked off in ' +
      'the background. A sheet that breaks off leaves nothing. The department’s last sheet sent again answers the first one’s id, unless that was ' +
      'withdrawn, or rows that were refused can be taken by now.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: false })
  @ApiConsumes(...Object.keys(sheetTypes))
  @ApiBody({
    schema: {
      type: 'string',
      example:
        'idNumber,kind,since,occurredOn,spentFen,refundedFen\n11010519491231002X,medical-spending,2026-01-01,2026-10-31,4200000,1800000\n',
    },
  })
  @ApiAcceptedResponse({ type: BatchTakenResponse })
  async post(
    @Param('department') department: string,
    @Req() request: FastifyRequest,
    @CurrentCaller() caller: Caller,
    @Headers('idempotency-key') key: string | undefined,
  ): Promise<BatchTakenResponse> {
    return { batchId: await this.receive.execute(department, sheetOf(request), caller, key) };
  }

  @Get(':batchId')
  @Access('department-client', 'county-officer')
  @ApiOperation({ summary: 'How far a batch is, and what became of its rows' })
  @ApiOkResponse({ type: BatchResponse })
  get(
    @Param('department') department: string,
    @Param('batchId') batchId: string,
    @CurrentCaller() caller: Caller,
  ): Promise<BatchResponse> {
    return this.batches.one(department, batchId, caller);
  }

  @Get(':batchId/errors')
  @Access('department-client', 'county-officer')
  @ApiOperation({ summary: 'Why rows of a batch were not taken; no values, for they may be people' })
  @ApiOkResponse({ type: BatchErrorPage })
  errors(
    @Param('department') department: string,
    @Param('batchId') batchId: string,
    @Query() query: PageQuery,
    @CurrentCaller() caller: Caller,
  ): Promise<BatchErrorPage> {
    return this.batches.errors(department, batchId, query, caller);
  }

  @Post(':batchId/withdraw')
  @HttpCode(202)
  @Access('department-client')
  @ApiOperation({
    summary: 'Take a whole batch back',
    description:
      'What it said is taken back set by set, what of it still waits is dropped. A finding stands again as the batch or push before it said, ' +
      'and is withdrawn where there was none; one that a later batch or push has stated since stays. Only an account of the area that ' +
      'sent it takes it back (403). `state` goes from `withdrawing` to `withdrawn`.',
  })
  @ApiBody({ type: WithdrawRequest })
  @ApiAcceptedResponse({ type: BatchResponse })
  async takeBack(
    @Param('department') department: string,
    @Param('batchId') batchId: string,
    @Body() body: unknown,
    @CurrentCaller() caller: Caller,
  ): Promise<BatchResponse> {
    return showBatch(await this.withdraw.execute(department, batchId, body, caller));
  }
}

function sheetOf({ headers, body }: FastifyRequest): BatchBody {
  const [type = '', ...parameters] = (headers['content-type'] ?? '')
    .split(';')
    .map((part) => part.trim().toLowerCase());
  const format = sheetTypes[type as keyof typeof sheetTypes] as BatchBody['format'] | undefined;
  if (format === undefined || !(body instanceof Readable))
    throw new HttpRefusal(415, 'REQUEST.UNSUPPORTED_CONTENT_TYPE', `send ${Object.keys(sheetTypes).join(' or ')}`);
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length);
  return { bytes: body, format, charset: charset?.replaceAll('"', '') ?? 'utf-8' };
}
