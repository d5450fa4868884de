import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Access, CurrentCaller, etagOf, type Caller } from '@fangpin/service-kit';
import type { FastifyReply } from 'fastify';
import type { IntakeAnswer } from '../intake/answer.js';
import { posters, readers } from '../intake/callers.js';
import { IntakeResponse } from '../intake/intake.response.js';
import { CancelShock } from './cancel-shock.js';
import { EndShock } from './end-shock.js';
import { ReasonRequest, ShockPageResponse, ShockResponse } from './shocks.dto.js';
import { ShocksOfArea } from './shocks-of-area.js';
import { ShocksQuery } from './shocks.query.js';

@ApiTags('shocks')
@Controller('v1/shocks')
export class ShocksController {
  constructor(
    private readonly shocks: ShocksOfArea,
    private readonly cancelShock: CancelShock,
    private readonly endShock: EndShock,
  ) {}

  @Get()
  @Access(...readers)
  @ApiOperation({
    summary: 'Shocks that touch an area, newest first',
    description: "An area outside the caller's is 403.",
  })
  @ApiOkResponse({ type: ShockPageResponse })
  list(@Query() query: ShocksQuery, @CurrentCaller() caller: Caller) {
    return this.shocks.page(query, caller);
  }

  @Get(':id')
  @Access(...readers)
  @ApiOperation({ summary: 'A shock with all its revisions' })
  @ApiOkResponse({ type: ShockResponse })
  async get(@Param('id') id: string, @CurrentCaller() caller: Caller, @Res({ passthrough: true }) reply: FastifyReply) {
    const shock = await this.shocks.one(id, caller);
    reply.header('etag', etagOf(shock.revision));
    return shock;
  }

  @Post(':id/cancel')
  @HttpCode(202)
  @Access(...posters)
  @ApiOperation({
    summary: 'Call a shock off',
    description:
      'Alerts that followed from it are recalled. On a cancelled shock it changes nothing and answers the same. ' +
      "A shock that reaches beyond the caller's area is 403.",
  })
  @ApiAcceptedResponse({ type: IntakeResponse })
  cancel(
    @Param('id') id: string,
    @Body() { reason }: ReasonRequest,
    @CurrentCaller() caller: Caller,
  ): Promise<IntakeAnswer> {
    return this.cancelShock.cancel(id, reason, caller);
  }

  @Post(':id/end')
  @HttpCode(202)
  @Access(...posters)
  @ApiOperation({
    summary: 'Say that a shock is over',
    description:
      'Alerts and cases that followed from it stay; no further household is looked at for it. A forecast that was a notice ' +
      'asks its villages whether they were hit, as when its time runs out. One that is over stays as it is. 409 for a price shock.',
  })
  @ApiAcceptedResponse({ type: IntakeResponse })
  end(
    @Param('id') id: string,
    @Body() { reason }: ReasonRequest,
    @CurrentCaller() caller: Caller,
  ): Promise<IntakeAnswer> {
    return this.endShock.end(id, reason, caller);
  }
}
