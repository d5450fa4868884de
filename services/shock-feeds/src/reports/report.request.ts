/** For the OpenAPI document; the body itself is read by read-report.ts, which names every bad member at once. */
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { shockKinds } from '@fangpin/contracts';

export class AreaDamageRequest {
  @ApiProperty({ type: String, example: '532327101', description: 'Lies within one of `regions`' })
  region!: string;

  @ApiPropertyOptional({ type: Number, description: '受灾面积, mu' })
  cropHitMu?: number;

  @ApiPropertyOptional({ type: Number, description: '成灾面积, mu' })
  cropDamagedMu?: number;

  @ApiPropertyOptional({ type: Number, description: '绝收面积, mu' })
  cropLostMu?: number;

  @ApiPropertyOptional({ type: [String], description: 'Crops by their Chinese names; all crops when absent' })
  products?: string[];

  @ApiPropertyOptional({ type: 'integer', description: '倒塌房屋' })
  housesCollapsed?: number;

  @ApiPropertyOptional({ type: 'integer', description: '损坏房屋' })
  housesDamaged?: number;
}

export class ShockReportRequest {
  @ApiProperty({ enum: shockKinds.map(({ kind }) => kind) })
  kind!: string;

  @ApiPropertyOptional({ enum: ['blue', 'yellow', 'orange', 'red', 'unknown'] })
  level?: string;

  @ApiProperty({ type: Boolean, description: 'True for what has happened, false for a forecast' })
  observed!: boolean;

  @ApiProperty({ type: [String], example: ['532327'] })
  regions!: string[];

  @ApiProperty({ type: String, format: 'date-time' })
  onset!: string;

  @ApiPropertyOptional({ type: String, format: 'date-time', nullable: true })
  expires?: string | null;

  @ApiProperty({ type: String })
  headline!: string;

  @ApiProperty({ type: String, description: 'Who says so; a constructed report says so here' })
  source!: string;

  @ApiPropertyOptional({ type: [AreaDamageRequest] })
  damage?: AreaDamageRequest[];
}
