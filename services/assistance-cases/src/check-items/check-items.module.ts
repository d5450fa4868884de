import { Module } from '@nestjs/common';
import { CheckItemsController } from './check-items.controller.js';
import { RecordResult } from './record-result.js';

@Module({ controllers: [CheckItemsController], providers: [RecordResult] })
export class CheckItemsModule {}
