import { Module } from '@nestjs/common';
import { BoundariesModule } from '../boundaries/boundaries.module.js';
import { ShocksModule } from '../shocks/shocks.module.js';
import { CapJudge } from './cap-judge.js';
import { CapController } from './cap.controller.js';
import { TakeCap } from './take-cap.js';

@Module({
  imports: [BoundariesModule, ShocksModule],
  controllers: [CapController],
  providers: [TakeCap, CapJudge],
  exports: [TakeCap, CapJudge],
})
export class CapModule {}
