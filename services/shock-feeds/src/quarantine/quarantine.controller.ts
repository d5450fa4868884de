import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, CurrentCaller, PageQuery, type Caller } from '@fangpin/service-kit';
import { posters, readers } from '../intake/callers.js';
import { QuarantinePageResponse, ReleaseRequest, ReleaseResponse } from './quarantine.dto.js';
import { Quarantine } from './quarantine.js';
import { ReleaseMessage, type ReleaseAnswer } from './release-message.js';

@ApiTags('shocks')
@Controller('v1/shocks/quarantine')
export class QuarantineController {
  constructor(
    private readonly quarantine: Quarantine,
    private readonly releaseMessage: ReleaseMessage,
  ) {}

  @Get()
  @Access(...readers)
  @ApiOperation({ summary: 'Messages that wait for an officer, oldest first, each with its reasons' })
  @ApiOkResponse({ type: QuarantinePageResponse })
  list(@Query() query: PageQuery) {
    return this.quarantine.page(query);
  }

  @Post(':id/release')
  @HttpCode(202)
  @Access(...posters)
  @ApiOperation({
    summary: 'Release a message with the area it meant, or drop it',
    description: 'Give `regions`, or `drop: true`. A released message is judged again as of now and joins its chain.',
  })
  @ApiAcceptedResponse({ type: ReleaseResponse })
  release(
    @Param('id') id: string,
    @Body() request: ReleaseRequest,
    @CurrentCaller() caller: Caller,
  ): Promise<ReleaseAnswer> {
    return this.releaseMessage.release(id, request, caller);
  }
}
