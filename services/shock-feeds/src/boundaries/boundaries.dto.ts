import { ApiProperty } from '@nestjs/swagger';

export class FeatureErrorResponse {
  @ApiProperty({ type: Number, description: 'Number of the feature in the file, from 0' })
  feature!: number;

  @ApiProperty({ type: String, example: 'geometry.coordinates[0][0]' })
  field!: string;

  @ApiProperty({ type: String, nullable: true, example: null })
  value!: unknown;

  @ApiProperty({ type: String, example: 'must be closed: its last position must be its first' })
  rule!: string;
}

export class StoredBoundariesResponse {
  @ApiProperty({ type: Number, example: 27 })
  features!: number;

  @ApiProperty({ type: Number, description: 'New or changed', example: 26 })
  stored!: number;

  @ApiProperty({ type: Number, description: 'Already known as they are', example: 0 })
  unchanged!: number;

  @ApiProperty({ type: Number, example: 1 })
  rejected!: number;

  @ApiProperty({ type: [FeatureErrorResponse], description: 'Of the first 200 rejected features' })
  errors!: FeatureErrorResponse[];

  @ApiProperty({
    type: Number,
    description: 'Quarantined messages that could be placed now and were released',
    example: 1,
  })
  rejudged!: number;
}

export class LevelCountResponse {
  @ApiProperty({ enum: ['country', 'province', 'prefecture', 'county', 'township', 'village', 'group'] })
  level!: string;

  @ApiProperty({ type: Number, example: 27 })
  boundaries!: number;

  @ApiProperty({ type: Number, description: 'Regions of which only a position is known', example: 0 })
  positionsOnly!: number;

  @ApiProperty({ type: Number, description: 'Points of all outlines', example: 8123 })
  points!: number;
}

export class LoadedBoundariesResponse {
  @ApiProperty({ type: String, example: '53' })
  region!: string;

  @ApiProperty({ type: [LevelCountResponse] })
  levels!: LevelCountResponse[];

  @ApiProperty({ type: [String], description: 'As the loads named them; at most 50' })
  sources!: string[];

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  updatedAt!: string | null;
}
