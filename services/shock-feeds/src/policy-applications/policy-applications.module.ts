import { Module } from '@nestjs/common';
import { BoundariesModule } from '../boundaries/boundaries.module.js';
import { EarthquakesModule } from '../earthquakes/earthquakes.module.js';
import { MarketPricesModule } from '../market-prices/market-prices.module.js';
import { ShocksModule } from '../shocks/shocks.module.js';
import { ApplyPolicy } from './apply-policy.js';
import { CarryOutApplications } from './carry-out-applications.js';
import { FindConcerned } from './find-concerned.js';
import { PolicyApplicationsController } from './policy-applications.controller.js';
import { ReadApplications } from './read-applications.js';
import { RejudgeShocks } from './rejudge-shocks.js';

@Module({
  imports: [BoundariesModule, EarthquakesModule, ShocksModule, MarketPricesModule],
  controllers: [PolicyApplicationsController],
  providers: [ApplyPolicy, FindConcerned, RejudgeShocks, CarryOutApplications, ReadApplications],
  exports: [CarryOutApplications],
})
export class PolicyApplicationsModule {}
