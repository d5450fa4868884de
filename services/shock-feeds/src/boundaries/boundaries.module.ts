import { Module } from '@nestjs/common';
import { RegionPositions } from './region-positions.js';

/** Where regions lie, for every intake that resolves areas. The path that loads them is in BoundaryIntakeModule. */
@Module({ providers: [RegionPositions], exports: [RegionPositions] })
export class BoundariesModule {}
