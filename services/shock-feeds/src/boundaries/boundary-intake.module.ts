import { Module } from '@nestjs/common';
import { BoundariesController } from './boundaries.controller.js';
import { BoundariesModule } from './boundaries.module.js';
import { ReadLoadedBoundaries } from './loaded-boundaries.js';
import { PutBoundaries } from './put-boundaries.js';

@Module({
  imports: [BoundariesModule],
  controllers: [BoundariesController],
  providers: [PutBoundaries, ReadLoadedBoundaries],
})
export class BoundaryIntakeModule {}
