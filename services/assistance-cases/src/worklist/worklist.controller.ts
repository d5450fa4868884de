import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Clock } from '@fangpin/domain-kit';
import { Database } from '@fangpin/persistence';
import { Access, type Caller, CLOCK, CurrentCaller, householdReaders, type Page } from '@fangpin/service-kit';
import { AreaQuery } from '../http/area.query.js';
import { readWorklist } from './read-worklist.js';
import { WorklistPage, type WorklistItem } from './worklist.response.js';

@ApiTags('worklist')
@Access(...householdReaders)
@Controller('v1/worklist')
export class WorklistController {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'What is due for the caller, in order',
    description:
      'Households that are to be seen and questions to villages of the area, by the end of the clock that runs. A household is ' +
      'one entry, whatever number of alerts stands behind it: `asks` lists its open case and check items, all for one visit. ' +
      'An area outside the caller’s is 403.',
  })
  @ApiOkResponse({ type: WorklistPage })
  read(@Query() query: AreaQuery, @CurrentCaller() caller: Caller): Promise<Page<WorklistItem>> {
    return this.database.transaction(caller.scope, (tx) => readWorklist(tx, query, caller, this.clock.now()));
  }
}
