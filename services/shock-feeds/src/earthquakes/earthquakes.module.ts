import { Module } from '@nestjs/common';
import { BoundariesModule } from '../boundaries/boundaries.module.js';
import { ShocksModule } from '../shocks/shocks.module.js';
import { EarthquakesController } from './earthquakes.controller.js';
import { QuakePlacesNow } from './quake-places-now.js';
import { TakeQuakes } from './take-quakes.js';
import { TakeSurvey } from './take-survey.js';

@Module({
  imports: [BoundariesModule, ShocksModule],
  controllers: [EarthquakesController],
  providers: [QuakePlacesNow, TakeQuakes, TakeSurvey],
  exports: [TakeQuakes, QuakePlacesNow],
})
export class EarthquakesModule {}
