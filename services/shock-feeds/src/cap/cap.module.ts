import { Module } from '@nestjs/common';
import { ShocksModule } from '../shocks/shocks.module.js';
import { CapController } from './cap.controller.js';
import { TakeCapStatement } from './take-cap-statement.js';
import { TakeCap } from './take-cap.js';

@Module({
  imports: [ShocksModule],
  controllers: [CapController],
  providers: [TakeCap, TakeCapStatement],
  exports: [TakeCapStatement],
})
export class CapModule {}
