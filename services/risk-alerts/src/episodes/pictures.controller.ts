import { Access, CurrentCaller, householdReaders, type Caller } from '@fangpin/service-kit';
import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { PictureResponse } from './picture.responses.js';
import { ReadPicture } from './read-picture.js';
import { RecordTelling } from './record-telling.js';
import { TellingRequest, TellingResponse } from './telling.request.js';

@ApiTags('risk-pictures')
@ApiBearerAuth()
@Controller('v1/risk-pictures')
export class PicturesController {
  constructor(
    private readonly readPicture: ReadPicture,
    private readonly recordTelling: RecordTelling,
  ) {}

  /** All that endangers a household, as one. 404 for one outside the caller's area, or that never had a risk. */
  @Get(':householdId')
  @Access(...householdReaders)
  @ApiOperation({
    summary: 'All risks of one household added up to one picture',
    description:
      'Losses of all open episodes on one income per head, low, middle and high, against the line; the worst severity, and that ' +
      'of all together; what answers them; one Chinese paragraph.',
  })
  @ApiOkResponse({ type: PictureResponse })
  get(@Param('householdId') householdId: string, @CurrentCaller() caller: Caller): Promise<PictureResponse> {
    return this.readPicture.get(householdId, caller.scope);
  }

  /** Records that a household was told of all that endangers it. The same telling again records nothing anew. */
  @Post(':householdId/told')
  @HttpCode(200)
  @Access('village-monitor', 'resident-team', 'helper', 'township-caseworker')
  @ApiOperation({
    summary: 'Record that the household was told of all of its risks at once',
    description:
      'What was told is what stood on that day. Counted unless the same severity was told that day by the same way and role. ' +
      '409 where no risk was open and nothing is to be taken back; 400 `EPISODE.HEALTH_IN_PUBLIC` on the village board where one of them shows ' +
      'the health of a member: tell of the others one by one.',
  })
  @ApiOkResponse({ type: TellingResponse })
  told(
    @Param('householdId') householdId: string,
    @Body() request: TellingRequest,
    @CurrentCaller() caller: Caller,
  ): Promise<TellingResponse> {
    return this.recordTelling.ofHousehold(householdId, request, caller);
  }
}
