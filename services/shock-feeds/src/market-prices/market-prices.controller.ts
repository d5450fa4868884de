import { Body, Controller, Get, Headers, HttpCode, Inject, Post, Query } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBadRequestResponse,
  ApiBody,
  ApiConsumes,
  ApiOkResponse,
  ApiOperation,
  ApiQuery,
  ApiTags,
} from '@nestjs/swagger';
import { InvalidValue, type Clock } from '@fangpin/domain-kit';
import { Access, CLOCK, CurrentCaller, type Caller } from '@fangpin/service-kit';
import { charsetOf, WrongContentType } from '../intake/bodies.js';
import { posters, readers, receivedFrom } from '../intake/callers.js';
import { MarketPricesRequest, MarketPricesResponse, PriceSeriesResponse } from './market-prices.dto.js';
import { rowsOfCsv, rowsOfJson } from './read-price-sheet.js';
import { ReadSeries, type SeriesAnswer } from './read-series.js';
import { SeriesQuery } from './series.query.js';
import { TakePrices, type PricesAnswer } from './take-prices.js';

@ApiTags('shocks')
@Controller('v1/shocks/market-prices')
export class MarketPricesController {
  constructor(
    private readonly prices: TakePrices,
    private readonly series: ReadSeries,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @HttpCode(202)
  @Access(...posters)
  @ApiOperation({
    summary: 'Take market prices',
    description:
      'CSV with the header product,market,unit,date,price (or 品名, 市场, 单位, 发布日期, 平均价), or JSON `{rows}`; other columns ' +
      'and members are ignored. Prices are in yuan for the unit on the sheet (元/公斤, 元/斤, 元/吨 …; 斤 alone is 元/斤). ' +
      'Products by any name that markets use (毛猪, 土豆 …). Rejected rows are named with row (from 1, without the header), ' +
      'field, value and rule; the others are stored. A sheet without one good row is 400. Of several rows for one day the ' +
      'middle one counts. `shocks` are those that the rows start, change or end, judged at their own dates by the policies ' +
      '`price-fall`, `price-under-cost` and `pig-grain-ratio`; `marks` are gaps, outliers and days with several rows.',
  })
  @ApiConsumes('text/csv', 'application/json')
  @ApiQuery({ name: 'market', required: false, example: '新发地', description: 'Market of rows that name none' })
  @ApiBody({ type: MarketPricesRequest })
  @ApiAcceptedResponse({ type: MarketPricesResponse })
  @ApiBadRequestResponse({ description: 'No CSV, a column missing in the header, no good row' })
  async post(
    @Body() body: unknown,
    @CurrentCaller() caller: Caller,
    @Headers('content-type') contentType: string | undefined,
    @Query('market') market?: unknown,
  ): Promise<PricesAnswer> {
    const csv = /^text\/csv\b/i.test(contentType ?? '');
    if (Buffer.isBuffer(body) && !csv) throw new WrongContentType(['text/csv', 'application/json']);
    const beside = marketOf(market);
    const rows = Buffer.isBuffer(body) ? rowsOfCsv(body, charsetOf(contentType), beside) : rowsOfJson(body, beside);
    return this.prices.take(rows, receivedFrom(caller, this.clock));
  }

  @Get()
  @Access(...readers)
  @ApiOperation({
    summary: 'The prices of a product in a market, with their marks',
    description: 'In the order of days, in fen per kilogram; gaps and outliers are those of the series as it is now.',
  })
  @ApiOkResponse({ type: PriceSeriesResponse })
  @ApiBadRequestResponse({ description: 'No such product' })
  get(@Query() query: SeriesQuery): Promise<SeriesAnswer> {
    return this.series.read(query);
  }
}

/** One name or none; refuses a parameter that is given twice. */
function marketOf(query: unknown): string | undefined {
  if (query === undefined || query === '') return undefined;
  if (typeof query !== 'string') throw new InvalidValue('market', null, 'must be one name');
  return query;
}
