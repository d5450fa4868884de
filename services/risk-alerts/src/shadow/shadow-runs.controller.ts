import { parseRegionCode } from '@fangpin/domain-kit';
import { Access, assertWithin, CurrentCaller, readPage, type Caller } from '@fangpin/service-kit';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ReadShadowRuns } from './read-shadow-runs.js';
import { ShadowRunPage, ShadowRunsQuery } from './shadow-run.response.js';

const MAX_PAGE = 50;

@ApiTags('shadow-runs')
@ApiBearerAuth()
@Controller('v1/shadow-runs')
export class ShadowRunsController {
  constructor(private readonly runs: ReadShadowRuns) {}

  /**
   * What the shadow policy would have done to real shocks, beside what the live one does: counts by township, severity and triage, and
   * how many households differ. Latest first. 403 for an area outside the caller's.
   */
  @Get()
  @Access('county-officer', 'operator', 'auditor')
  @ApiOperation({ summary: 'Real shocks under the shadow policy, compared with the live one' })
  @ApiOkResponse({ type: ShadowRunPage })
  list(@Query() query: ShadowRunsQuery, @CurrentCaller() caller: Caller): Promise<ShadowRunPage> {
    const region = query.region === undefined ? caller.region : parseRegionCode(query.region);
    assertWithin(caller, region);
    return this.runs.list(region, query.shockId, readPage(query, { max: MAX_PAGE, default: 20 }));
  }
}
