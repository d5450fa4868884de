import { Module } from '@nestjs/common';
import { ShocksController } from './shocks.controller.js';
import { ShocksModule } from './shocks.module.js';

@Module({ imports: [ShocksModule], controllers: [ShocksController] })
export class ShockReadsModule {}
