import { Body, Controller, Headers, HttpCode, Inject, Post } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBadRequestResponse,
  ApiBody,
  ApiConsumes,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { Clock } from '@fangpin/domain-kit';
import { Access, CLOCK, CurrentCaller, type Caller } from '@fangpin/service-kit';
import { charsetOf, WrongContentType } from '../intake/bodies.js';
import { posters, receivedFrom } from '../intake/callers.js';
import { MarketPricesRequest, MarketPricesResponse } from './market-prices.dto.js';
import { rowsOfCsv, rowsOfJson } from './read-price-sheet.js';
import { TakePrices, type PricesAnswer } from './take-prices.js';

@ApiTags('shocks')
@Controller('v1/shocks/market-prices')
export class MarketPricesController {
  constructor(
    private readonly prices: TakePrices,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @HttpCode(202)
  @Access(...posters)
  @ApiOperation({
    summary: 'Take market prices',
    description:
      'CSV with the header product,market,unit,date,price, or JSON `{rows}`; other columns and members are ignored. Prices ' +
      'are in yuan for the unit on the sheet (元/公斤, 元/斤, 元/吨 …). Rejected rows are named with row (from 1, without the ' +
      'header), field, value and rule; the others are stored. A sheet without one good row is 400. `shocks` are those that ' +
      'the rows start, change or end, judged at their own dates by the policy `price-fall`.',
  })
  @ApiConsumes('text/csv', 'application/json')
  @ApiBody({ type: MarketPricesRequest })
  @ApiAcceptedResponse({ type: MarketPricesResponse })
  @ApiBadRequestResponse({ description: 'No CSV, a column missing in the header, no good row' })
  async post(
    @Body() body: unknown,
    @CurrentCaller() caller: Caller,
    @Headers('content-type') contentType: string | undefined,
  ): Promise<PricesAnswer> {
    const csv = /^text\/csv\b/i.test(contentType ?? '');
    if (Buffer.isBuffer(body) && !csv) throw new WrongContentType(['text/csv', 'application/json']);
    const rows = Buffer.isBuffer(body) ? rowsOfCsv(body, charsetOf(contentType)) : rowsOfJson(body);
    return this.prices.take(rows, receivedFrom(caller, this.clock));
  }
}
