import { IsPlainText } from '@fangpin/service-kit';
import { ApiProperty } from '@nestjs/swagger';
import { IsString, MaxLength } from 'class-validator';
import { lanes, shockEnds, shockStates } from './shock.js';

/** Of an officer who cancels or ends a shock. */
export class ReasonRequest {
  @ApiProperty({ type: String, maxLength: 500, description: 'Why, for those who acted on it' })
  @IsString()
  @MaxLength(500)
  @IsPlainText()
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

  @ApiProperty({ type: 'integer', example: 3, description: '倒塌房屋, 户' })
  housesCollapsed!: number;

  @ApiProperty({ type: 'integer', example: 41, description: '损坏房屋, 户' })
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

  @ApiProperty({
    type: Object,
    nullable: true,
    description:
      'Of an earthquake: `zones` of region and intensity (烈度), `reported` or computed, magnitude, depth in km',
    example: { zones: [{ region: '532922', intensity: 8 }], reported: false, magnitude: 6.4, depthKm: 8 },
  })
  intensity!: object | null;

  @ApiProperty({ type: [Object], description: 'Of unsold stock: product, kilograms, fen per kg offered; 0 not stated' })
  unsoldStock!: object[];

  @ApiProperty({ type: Object, nullable: true, description: 'Of a lay-off: employer (credit code), branches, persons' })
  layOff!: object | null;

  @ApiProperty({
    type: Object,
    nullable: true,
    description: 'Of a water cut: codes of the schemes (none: all of the regions), days',
    example: { schemes: ['yr-yongding-01'], days: 5 },
  })
  waterCut!: object | null;

  @ApiProperty({
    type: [Object],
    description: 'Of an animal disease: region, product, heads dead and heads killed by order; empty while not counted',
    example: [{ region: '532327101', product: '生猪', deadHeads: 30, culledHeads: 120 }],
  })
  animalDisease!: object[];

  @ApiProperty({
    type: [Object],
    description: 'Of a price shock, what speaks for it: measure, level, first day, latest value in thousandths',
  })
  priceSignals!: object[];

  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'The forecast that came true' })
  forecastShockId!: string | null;

  @ApiProperty({ enum: shockEnds, nullable: true, description: 'Null while open' })
  endedBy!: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: "By the shock's own time" })
  endedAt!: string | null;

  @ApiProperty({ type: Object, nullable: true })
  cancelled!: object | null;
}

export class ShockPageResponse {
  @ApiProperty({ type: [ShockResponse] })
  items!: ShockResponse[];

  @ApiProperty({ type: String, nullable: true })
  nextCursor!: string | null;
}
