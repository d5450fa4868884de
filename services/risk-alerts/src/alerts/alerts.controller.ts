import { parseRegionCode } from '@fangpin/domain-kit';
import { regionScope } from '@fangpin/persistence';
import { Access, assertWithin, CurrentCaller, readPage, householdReaders, type Caller } from '@fangpin/service-kit';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AlertPage, ExplainedAlertResponse } from './alert.responses.js';
import { AlertsQuery } from './alerts.query.js';
import { ReadAlerts } from './read-alerts.js';

@ApiTags('alerts')
@ApiBearerAuth()
@Controller('v1/alerts')
export class AlertsController {
  constructor(private readonly readAlerts: ReadAlerts) {}

  /** Alerts of an area, last revision of each, in order of place. A region outside the caller's area is refused with 403. */
  @Get()
  @Access(...householdReaders)
  @ApiOperation({ summary: 'Alerts by area, shock, finding, household and status' })
  @ApiOkResponse({ type: AlertPage })
  list(@Query() query: AlertsQuery, @CurrentCaller() caller: Caller): Promise<AlertPage> {
    const region = query.region === undefined ? caller.region : parseRegionCode(query.region);
    assertWithin(caller, region);
    return this.readAlerts.list(
      {
        shockId: query.shockId,
        findingId: query.findingId,
        householdId: query.householdId === undefined ? undefined : Number(query.householdId),
        status: query.status,
      },
      readPage(query),
      regionScope(region),
    );
  }

  /** One alert with its explanation: inputs, steps, policy records, and a Chinese paragraph. */
  @Get(':id')
  @Access(...householdReaders)
  @ApiOperation({ summary: 'One alert, explained' })
  @ApiOkResponse({ type: ExplainedAlertResponse })
  get(@Param('id') id: string, @CurrentCaller() caller: Caller): Promise<ExplainedAlertResponse> {
    return this.readAlerts.get(id, caller.scope);
  }
}
