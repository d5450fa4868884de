import { Access, CurrentCaller, type Caller } from '@fangpin/service-kit';
import { Body, Controller, HttpCode, Post, Res } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiBearerAuth,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiServiceUnavailableResponse,
  ApiTags,
  ApiTooManyRequestsResponse,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { areaOf, goneSignal, SIMULATES } from './asking.js';
import { Simulate } from './simulate.js';
import { SimulationRequest } from './simulation.request.js';
import { SimulationResponse } from './simulation.response.js';

@ApiTags('simulations')
@ApiBearerAuth()
@Controller('v1/simulations')
@Access(...SIMULATES)
export class SimulationsController {
  constructor(private readonly simulation: Simulate) {}

  /**
   * What a made-up shock, or changed policy values, would do to the households of an area: counts by township, severity and type
   * of household, cases for each caseworker, losses in fen, and a sample with explanations. Stores nothing. 400 names every bad member,
   * 403 an area outside the caller's, 404 a shock that is not known, 429 (Retry-After) when as many run as may, 503 what takes too long (a smaller area does not).
   * Where a place lacks something to judge households by, the others are counted, and `unjudgedIn` says where and why.
   */
  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'What if: counts by township and a sample, nothing stored' })
  @ApiOkResponse({ type: SimulationResponse })
  @ApiBadRequestResponse({ description: 'Asks for nothing, or bad members: each is named with its value and the rule' })
  @ApiNotFoundResponse({ description: '`shockId` is not known here' })
  @ApiTooManyRequestsResponse({ description: '`SIMULATION.BUSY`: as many simulations run as may; see Retry-After' })
  @ApiServiceUnavailableResponse({
    description:
      '`SIMULATION.TOO_LONG`: more than FANGPIN_SIMULATION_SECONDS (90); nothing is counted, ask for a smaller area',
  })
  simulate(
    @Body() body: SimulationRequest,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SimulationResponse> {
    return this.simulation.execute(body, areaOf(body, caller), goneSignal(reply));
  }
}
