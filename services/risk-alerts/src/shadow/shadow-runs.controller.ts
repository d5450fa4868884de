import { parseRegionCode } from '@fangpin/domain-kit';
import { Access, assertWithin, CurrentCaller, readPage, type Caller } from '@fangpin/service-kit';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { OnlyShadow } from './only-shadow.js';
import { ReadShadowRuns } from './read-shadow-runs.js';
import { ShadowPolicy } from './shadow-policy.js';
import { ShadowRunPage, ShadowRunsQuery } from './shadow-run.response.js';

const MAX_PAGE = 50;

@ApiTags('shadow-runs')
@ApiBearerAuth()
@Controller('v1/shadow-runs')
export class ShadowRunsController {
  constructor(
    private readonly runs: ReadShadowRuns,
    private readonly onlyShadow: OnlyShadow,
    private readonly shadow: ShadowPolicy,
  ) {}

  /**
   * What the shadow policy would have done to real shocks, beside what the live one does: counts by township, severity and triage, and
   * how many households differ. Latest first. Beside them the shocks about which only the shadow policy would alert, and why none runs
   * although one is set. 403 for an area outside the caller's.
   */
  @Get()
  @Access('county-officer', 'operator', 'auditor')
  @ApiOperation({ summary: 'Real shocks under the shadow policy, compared with the live one' })
  @ApiOkResponse({ type: ShadowRunPage })
  async list(@Query() query: ShadowRunsQuery, @CurrentCaller() caller: Caller): Promise<ShadowRunPage> {
    const region = query.region === undefined ? caller.region : parseRegionCode(query.region);
    assertWithin(caller, region);
    const runs = await this.runs.list(region, query.shockId, readPage(query, { max: MAX_PAGE, default: 20 }));
    // With the first page of all shocks alone: it is no part of the list.
    const first = query.cursor === undefined && query.shockId === undefined;
    const onlyShadow = first ? await this.onlyShadow.execute(region) : null;
    return { problems: this.shadow.problems, onlyShadow, ...runs };
  }
}
