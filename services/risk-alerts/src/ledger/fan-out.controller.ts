import { Access, CurrentCaller, PathUuid, roles, type Caller } from '@fangpin/service-kit';
import { Controller, Get, Headers, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ConfirmFanOut } from './confirm-fan-out.js';
import { FanOutResponse } from './fan-out.response.js';
import { ReadFanOut } from './read-fan-out.js';

@ApiTags('fan-out')
@ApiBearerAuth()
@Controller('v1/shocks/:shockId')
export class FanOutController {
  constructor(
    private readonly readFanOut: ReadFanOut,
    private readonly confirmFanOut: ConfirmFanOut,
  ) {}

  /** The ledger of one shock within the caller's area, live and final. 404 for a shock that opened no fan-out, with the reason where it is known here. */
  @Get('fan-out')
  @Access(...roles)
  @ApiOperation({ summary: 'Ledger of a shock: exposed, alerted, published and what became of each, by township' })
  @ApiOkResponse({ type: FanOutResponse })
  @ApiNotFoundResponse({
    description:
      '`FAN_OUT.NOT_FOUND`: not heard of here. `FAN_OUT.ALERTS_NOBODY`: it has no ledger, and `reasons` says why (`FAN_OUT.NO_LOSS_MODEL`, ' +
      '`FAN_OUT.NOTICE`, `FAN_OUT.RECORDED`, `FAN_OUT.CALLED_OFF`), each with a Chinese text',
  })
  read(@Param('shockId', PathUuid) shockId: string, @CurrentCaller() caller: Caller): Promise<FanOutResponse> {
    return this.readFanOut.execute(shockId, caller.scope);
  }

  /**
   * Confirms a shock that waits because it touches more households than the policy lets through unseen. 403 where it reaches beyond
   * the caller's area: then an officer of the prefecture or province confirms it.
   */
  @Post('confirm')
  @HttpCode(200)
  @Access('county-officer', 'operator')
  @ApiOperation({ summary: 'Confirm a shock over the set size, so that it opens cases' })
  @ApiHeader({
    name: 'If-Match',
    required: false,
    description: 'The `revision` of the ledger that was read, in quotes; 412 where the shock has a later one by now',
    example: '"1099511627777"',
  })
  @ApiOkResponse({ type: FanOutResponse })
  async confirm(
    @Param('shockId', PathUuid) shockId: string,
    @Headers('if-match') ifMatch: string | undefined,
    @CurrentCaller() caller: Caller,
  ): Promise<FanOutResponse> {
    await this.confirmFanOut.execute(shockId, caller, ifMatch);
    return this.readFanOut.execute(shockId, caller.scope);
  }
}
