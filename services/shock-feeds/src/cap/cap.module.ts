import { Module } from '@nestjs/common';
import { ShocksModule } from '../shocks/shocks.module.js';
import { CapController } from './cap.controller.js';
import { TakeCap } from './take-cap.js';

@Module({
  imports: [ShocksModule],
  controllers: [CapController],
  providers: [TakeCap],
  exports: [TakeCap],
})
export class CapModule {}
