import { Module } from '@nestjs/common';
import { QuarantineModule } from '../quarantine/quarantine.module.js';
import { BoundariesController } from './boundaries.controller.js';
import { BoundariesModule } from './boundaries.module.js';
import { ReadLoadedBoundaries } from './loaded-boundaries.js';
import { PutBoundaries } from './put-boundaries.js';

@Module({
  imports: [BoundariesModule, QuarantineModule],
  controllers: [BoundariesController],
  providers: [PutBoundaries, ReadLoadedBoundaries],
})
export class BoundaryIntakeModule {}
