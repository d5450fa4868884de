import { Access, CurrentCaller, type Caller } from '@fangpin/service-kit';
import { Body, Controller, HttpCode, Post, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags, ApiTooManyRequestsResponse } from '@nestjs/swagger';
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
   * 403 an area outside the caller's, 429 (Retry-After) when as many run as may.
   */
  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'What if: counts by township and a sample, nothing stored' })
  @ApiOkResponse({ type: SimulationResponse })
  @ApiTooManyRequestsResponse({ description: 'As many simulations run as may' })
  simulate(
    @Body() body: SimulationRequest,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SimulationResponse> {
    return this.simulation.execute(body, areaOf(body, caller), goneSignal(reply));
  }
}
