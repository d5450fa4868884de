import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiConflictResponse, ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, CurrentCaller, PageQuery, type Caller, type Page } from '@fangpin/service-kit';
import { ListSources, type RefusalView, type SourceView } from './list-sources.js';
import { PolledSourceResponse, RefusalsResponse, SourcePageResponse } from './sources.dto.js';

@ApiTags('sources')
@Controller('v1/shocks/sources')
export class SourcesController {
  constructor(private readonly sources: ListSources) {}

  @Get()
  @Access('operator', 'county-officer', 'auditor')
  @ApiOperation({
    summary: 'Where shocks come from, and which source is silent',
    description:
      'Accounts that push and documents that are polled, by name. A source is silent when it has said nothing new for longer ' +
      'than its habit (policy `source-silence`): a multiple of the longest daily gap that it kept on nine days of ten. ' +
      'The gauge `fangpin_source_silent` says the same.',
  })
  @ApiOkResponse({ type: SourcePageResponse })
  list(@Query() query: PageQuery, @CurrentCaller() caller: Caller): Promise<Page<SourceView>> {
    return this.sources.page(query, caller);
  }

  @Post(':name/poll')
  @HttpCode(200)
  @Access('operator')
  @ApiOperation({
    summary: 'Fetch a source now',
    description:
      'Also while it backs off or its circuit is open: the request is then the probe. Answers when the round is over.',
  })
  @ApiOkResponse({ type: PolledSourceResponse })
  @ApiNotFoundResponse({ description: 'No source of this name' })
  @ApiConflictResponse({ description: 'SOURCE.PUSHED, SOURCE.OFF, or SOURCE.BUSY: being polled at this moment' })
  poll(@Param('name') name: string, @CurrentCaller() caller: Caller) {
    return this.sources.pollNow(name, caller);
  }

  @Get(':name/refusals')
  @Access('operator', 'auditor')
  @ApiOperation({ summary: 'What was fetched from a source and could not be taken, with the reason' })
  @ApiOkResponse({ type: RefusalsResponse })
  @ApiNotFoundResponse({ description: 'No source of this name' })
  refusals(@Param('name') name: string, @CurrentCaller() caller: Caller): Promise<{ items: RefusalView[] }> {
    return this.sources.refusalsOf(name, caller);
  }
}
