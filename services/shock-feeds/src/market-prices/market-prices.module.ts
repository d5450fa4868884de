import { Module } from '@nestjs/common';
import { ShocksModule } from '../shocks/shocks.module.js';
import { JudgeSeries } from './judge-series.js';
import { MarketPricesController } from './market-prices.controller.js';
import { PricePoints } from './price-points.js';
import { ReadSeries } from './read-series.js';
import { TakePrices } from './take-prices.js';

@Module({
  imports: [ShocksModule],
  controllers: [MarketPricesController],
  providers: [TakePrices, JudgeSeries, PricePoints, ReadSeries],
  exports: [JudgeSeries],
})
export class MarketPricesModule {}
