import { parseRegionCode } from '@fangpin/domain-kit';
import { regionScope } from '@fangpin/persistence';
import {
  Access,
  assertWithin,
  CurrentCaller,
  householdReaders,
  PageQuery,
  readPage,
  type Caller,
} from '@fangpin/service-kit';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ReadRegionalAlerts } from './read-regional-alerts.js';
import { ExplainedRegionalAlert, RegionalAlertPage } from './regional-alert.responses.js';
import { RegionalAlertsQuery } from './regional-alerts.query.js';

@ApiTags('regional-alerts')
@ApiBearerAuth()
@Controller('v1/regional-alerts')
@Access(...householdReaders)
export class RegionalAlertsController {
  constructor(private readonly readRegionalAlerts: ReadRegionalAlerts) {}

  /**
   * Early warnings (规模性返贫) of an area and of all in it, from village to province. A region outside the caller's area is
   * refused with 403; a warning of an area above the caller's own is not shown. Of a village it may tell of one household, so systems that
   * only push, and the hotline, read none.
   */
  @Get()
  @ApiOperation({ summary: 'Early warnings for areas, by area, level and state' })
  @ApiOkResponse({ type: RegionalAlertPage })
  list(@Query() query: RegionalAlertsQuery, @CurrentCaller() caller: Caller): Promise<RegionalAlertPage> {
    const region = query.region === undefined ? caller.region : parseRegionCode(query.region);
    assertWithin(caller, region);
    return this.readRegionalAlerts.list(query, readPage(query), regionScope(region));
  }

  /**
   * One early warning with its explanation (limits, policy record, a Chinese paragraph), its last revisions, and a page of the
   * households that count now; `limit` and `cursor` are of these. Of a prefecture or province also the areas below that carry it.
   */
  @Get(':id')
  @ApiOperation({ summary: 'One early warning, explained, with its members' })
  @ApiOkResponse({ type: ExplainedRegionalAlert })
  get(
    @Param('id') id: string,
    @Query() query: PageQuery,
    @CurrentCaller() caller: Caller,
  ): Promise<ExplainedRegionalAlert> {
    return this.readRegionalAlerts.get(id, readPage(query), caller.scope);
  }
}
