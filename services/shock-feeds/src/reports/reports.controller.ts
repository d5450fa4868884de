import { Body, Controller, Headers, HttpCode, Inject, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiHeader, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Clock } from '@fangpin/domain-kit';
import { Access, CLOCK, CurrentCaller, type Caller } from '@fangpin/service-kit';
import type { IntakeAnswer } from '../intake/answer.js';
import { WrongContentType } from '../intake/bodies.js';
import { posters, receivedFrom } from '../intake/callers.js';
import { IntakeResponse } from '../intake/intake.response.js';
import { ShockReportRequest } from './report.request.js';
import { TakeReport } from './take-report.js';

@ApiTags('shocks')
@Controller('v1/shocks')
export class ReportsController {
  constructor(
    private readonly reports: TakeReport,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @HttpCode(202)
  @Access(...posters)
  @ApiOperation({
    summary: "Take an officer's report of a shock",
    description:
      'A damage report, a lay-off, unsold stock. Observed ones go to the alert lane by policy. Unknown members are refused. ' +
      'An event that began longer ago than policy `report-age` says (two years) is refused, unless the report goes on with a known one. ' +
      'All bad fields are named at once. A repeat answers `duplicate`: by Idempotency-Key, else by its content. With `shockId` ' +
      'a report goes on with an earlier one (`updated`: a revision of the same shock; of one that is over a final count, `REPORT.FINAL_COUNT`), or says what a forecast has become; ' +
      'without it a notice of the same kind, area and days is found (`SHOCK.FORECAST_FOUND`). A new shock may lie anywhere; ' +
      'one that is gone on with must lie in the area of the caller (403), because its figures and areas take the place of the earlier ones.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: false })
  @ApiHeader({ name: 'x-fangpin-as-of', required: false, description: 'Replay time, as `asOf`' })
  @ApiQuery({ name: 'asOf', required: false, description: 'Replay time (RFC 3339; operators only)' })
  @ApiBody({ type: ShockReportRequest })
  @ApiAcceptedResponse({ type: IntakeResponse })
  async post(
    @Body() body: unknown,
    @CurrentCaller() caller: Caller,
    @Headers('idempotency-key') key: string | undefined,
    @Headers('x-fangpin-as-of') asOfHeader: string | undefined,
    @Query('asOf') asOf: string | string[] | undefined,
  ): Promise<IntakeAnswer> {
    if (Buffer.isBuffer(body)) throw new WrongContentType(['application/json']);
    return this.reports.take(body, key, caller, receivedFrom(caller, this.clock, String(asOf ?? asOfHeader ?? '')));
  }
}
