import { Module } from '@nestjs/common';
import { ShocksModule } from '../shocks/shocks.module.js';
import { ReportsController } from './reports.controller.js';
import { TakeReport } from './take-report.js';

@Module({ imports: [ShocksModule], controllers: [ReportsController], providers: [TakeReport] })
export class ReportsModule {}
