import { Module } from '@nestjs/common';
import { ShocksModule } from '../shocks/shocks.module.js';
import { TakeWarningList } from './take-warning-list.js';
import { TakeWarnings } from './take-warnings.js';
import { WarningListsController } from './warning-lists.controller.js';

@Module({
  imports: [ShocksModule],
  controllers: [WarningListsController],
  providers: [TakeWarnings, TakeWarningList],
  exports: [TakeWarningList],
})
export class WarningListsModule {}
