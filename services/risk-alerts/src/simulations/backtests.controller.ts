import { Access, CurrentCaller, type Caller } from '@fangpin/service-kit';
import { Body, Controller, Header, HttpCode, Post, Res, StreamableFile } from '@nestjs/common';
import {
  ApiBadRequestResponse,
  ApiBearerAuth,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiServiceUnavailableResponse,
  ApiTags,
  ApiTooManyRequestsResponse,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Readable } from 'node:stream';
import { areaOf, goneSignal, SIMULATES } from './asking.js';
import { Backtest } from './backtest.js';
import { BacktestRequest } from './backtest.request.js';

@ApiTags('simulations')
@ApiBearerAuth()
@Controller('v1/simulations/backtests')
@Access(...SIMULATES)
export class BacktestsController {
  constructor(private readonly backtests: Backtest) {}

  /**
   * Changed policy values over the shocks of the last months, each compared with the policy it had and with what was done. The
   * answer is NDJSON, a line as soon as it is known: `backtest`, one `shock` for each, `total` (or `error`). Figures of a shock are
   * of households, each once; its `causes` say the same of each by itself.
   */
  @Post()
  @HttpCode(200)
  @Header('content-type', 'application/x-ndjson')
  @ApiOperation({ summary: 'Changed values over the shocks of the last months, compared with what was done' })
  @ApiProduces('application/x-ndjson')
  @ApiOkResponse({
    description:
      'Lines `{"type":"backtest"|"shock"|"total"|"error", …}`. Shocks that were called off are in no line and no sum; `recalled` of ' +
      'the first line says how many there were. A `shock` has `had`, `changed`, `differs` and `done` in households, ' +
      'each once, its `lane` under the changed values beside `laneHad` (outside `alert` nobody is alerted; one that was only recorded stands ' +
      'here where the changed values would alert about it), and under `causes` the same for each ' +
      'thing that it was to them (crops, houses), with its policy version and, as `unjudgedIn`, where either policy lacks something to judge by',
  })
  @ApiBadRequestResponse({
    description: 'Bad members, before the first line: each is named with its value and the rule',
  })
  @ApiTooManyRequestsResponse({ description: '`SIMULATION.BUSY`: as many simulations run as may; see Retry-After' })
  @ApiServiceUnavailableResponse({
    description:
      '`SIMULATION.TOO_LONG`: the shocks were not even found within FANGPIN_BACKTEST_SECONDS (900). Later, the line `total` has ' +
      '`complete: false`, `stoppedBy` and `shocksLeft`, and counts the shocks told of so far',
  })
  async backtest(
    @Body() body: BacktestRequest,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    const lines = await this.backtests.start(body, areaOf(body, caller), goneSignal(reply));
    return new StreamableFile(Readable.from(ndjson(lines)));
  }
}

async function* ndjson(lines: AsyncIterable<unknown>): AsyncGenerator<string> {
  for await (const line of lines) yield `${JSON.stringify(line)}\n`;
}
