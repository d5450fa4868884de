import { ApiProperty } from '@nestjs/swagger';
import { IsString, Matches, MaxLength } from 'class-validator';
import { lanes, shockStates } from './shock.js';

export class CancelShockRequest {
  @ApiProperty({ type: String, maxLength: 500, description: 'Why, for those who acted on it' })
  @IsString()
  @MaxLength(500)
  // NUL and other control characters cannot be stored; a reason of blanks is none.
  @Matches(/^(?=.*\S)[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]+$/su, {
    message: 'must be a text that is not empty',
  })
  reason!: string;
}

export class ShockDamageResponse {
  @ApiProperty({ type: String })
  region!: string;

  @ApiProperty({ type: Number })
  cropHitMu!: number;

  @ApiProperty({ type: Number })
  cropDamagedMu!: number;

  @ApiProperty({ type: Number })
  cropLostMu!: number;

  @ApiProperty({ type: [String] })
  products!: string[];

  @ApiProperty({ type: 'integer' })
  housesCollapsed!: number;

  @ApiProperty({ type: 'integer' })
  housesDamaged!: number;
}

export class ShockResponse {
  @ApiProperty({ type: String, format: 'uuid' })
  id!: string;

  @ApiProperty({ type: 'integer' })
  revision!: number;

  @ApiProperty({ type: String })
  kind!: string;

  @ApiProperty({ enum: ['blue', 'yellow', 'orange', 'red', 'unknown'] })
  level!: string;

  @ApiProperty({ type: Boolean })
  observed!: boolean;

  @ApiProperty({ enum: lanes })
  lane!: string;

  @ApiProperty({ enum: shockStates })
  state!: string;

  @ApiProperty({ type: [String], description: 'Region codes in their shortest form; 00 is the whole country' })
  regions!: string[];

  @ApiProperty({ type: String, format: 'date-time' })
  onset!: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  expires!: string | null;

  @ApiProperty({ type: String })
  headline!: string;

  @ApiProperty({ type: String })
  source!: string;

  @ApiProperty({ type: String, description: 'Day whose policy and line count' })
  judgedOn!: string;

  @ApiProperty({ type: [ShockDamageResponse] })
  damage!: ShockDamageResponse[];

  @ApiProperty({
    type: Object,
    nullable: true,
    description: 'Of a price fall: product, market, prices in fen per kg, days',
  })
  price!: object | null;

  @ApiProperty({ type: Object, nullable: true })
  cancelled!: object | null;
}

export class ShockPageResponse {
  @ApiProperty({ type: [ShockResponse] })
  items!: ShockResponse[];

  @ApiProperty({ type: String, nullable: true })
  nextCursor!: string | null;
}
