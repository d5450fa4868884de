import { parseRegionCode } from '@fangpin/domain-kit';
import { regionScope } from '@fangpin/persistence';
import { Access, assertWithin, CurrentCaller, readPage, householdReaders, type Caller } from '@fangpin/service-kit';
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { EpisodePage, EpisodeWithSteps } from './episode.responses.js';
import { EpisodesQuery } from './episodes.query.js';
import { ReadEpisodes } from './read-episodes.js';
import { RecordTelling } from './record-telling.js';
import { TellingRequest, TellingResponse } from './telling.request.js';

@ApiTags('risk-episodes')
@ApiBearerAuth()
@Controller('v1/risk-episodes')
export class EpisodesController {
  constructor(
    private readonly readEpisodes: ReadEpisodes,
    private readonly recordTelling: RecordTelling,
  ) {}

  /** Risk episodes of an area in order of place. A region outside the caller's area is refused with 403. */
  @Get()
  @Access(...householdReaders)
  @ApiOperation({
    summary: 'Risk episodes by area, household, cause and state, and what is to be told',
    description:
      'An episode is one household and one cause from the first alert to the end; several alerts feed it. `toTell=true` is what ' +
      'helpers have to tell now; of a household that was told often enough that day only what is graver than all it was told.',
  })
  @ApiOkResponse({ type: EpisodePage })
  list(@Query() query: EpisodesQuery, @CurrentCaller() caller: Caller): Promise<EpisodePage> {
    const region = query.region === undefined ? caller.region : parseRegionCode(query.region);
    assertWithin(caller, region);
    return this.readEpisodes.list(
      {
        householdId: query.householdId === undefined ? undefined : Number(query.householdId),
        cause: query.cause,
        state: query.state,
        toTell: query.toTell === 'true',
      },
      readPage(query),
      regionScope(region),
    );
  }

  /** One episode with the alerts that feed it and what happened to it. */
  @Get(':id')
  @Access(...householdReaders)
  @ApiOperation({ summary: 'One risk episode with its alerts and its history' })
  @ApiOkResponse({ type: EpisodeWithSteps })
  get(@Param('id') id: string, @CurrentCaller() caller: Caller): Promise<EpisodeWithSteps> {
    return this.readEpisodes.get(id, caller.scope);
  }

  /** Records that the household was told of this episode. The same telling again records nothing anew. */
  @Post(':id/told')
  @HttpCode(200)
  @Access('village-monitor', 'resident-team', 'helper', 'township-caseworker')
  @ApiOperation({
    summary: 'Record that the household was told of one risk',
    description:
      'What was told is what stood on that day. Counted unless the same severity was told that day by the same way and role. ' +
      '409 where the episode was over and there is nothing to take back; 400 `EPISODE.HEALTH_IN_PUBLIC` for what shows the health of a member ' +
      '(illness, accident, disability) on the village board.',
  })
  @ApiOkResponse({ type: TellingResponse })
  told(
    @Param('id') id: string,
    @Body() request: TellingRequest,
    @CurrentCaller() caller: Caller,
  ): Promise<TellingResponse> {
    return this.recordTelling.ofEpisode(id, request, caller);
  }
}
