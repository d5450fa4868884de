import { Access, CurrentCaller, type Caller } from '@fangpin/service-kit';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { readers } from '../intake/callers.js';
import { ReadTimeline } from './read-timeline.js';
import { TimelineQuery } from './timeline.query.js';
import { TimelinePageResponse } from './timeline.response.js';

@ApiTags('shocks')
@Controller('v1/shocks/timeline')
export class TimelineController {
  constructor(private readonly timeline: ReadTimeline) {}

  @Get()
  @Access(...readers)
  @ApiOperation({
    summary: 'All that happened in an area, by day, latest first',
    description:
      'Warnings, quakes, damage reports, prices and other shocks that touch the area, recorded ones too: when each began, ' +
      'what its source said of it later, how it ended. Days are those of the shocks themselves, also where word of them came ' +
      'later. A day with more entries than a page holds goes on in the next page.',
  })
  @ApiOkResponse({ type: TimelinePageResponse })
  read(@Query() query: TimelineQuery, @CurrentCaller() caller: Caller) {
    return this.timeline.page(query, caller);
  }
}
