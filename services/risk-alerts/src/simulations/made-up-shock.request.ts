/** A shock that has not happened: the members of POST /v1/shocks, of which most may be left out. */
import { shockKinds } from '@fangpin/contracts';
import { MayBeAbsent } from '@fangpin/service-kit';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsISO8601,
  IsNumber,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';

import { MadeUpLayOffRequest, MadeUpPriceFallRequest, MadeUpUnsoldStockRequest } from './made-up-market.request.js';

const MAX_AREAS = 500;
const MAX_MU = 100_000_000;
const MAX_HOUSES = 100_000_000;
const MAX_HEADS = 100_000_000;

export class MadeUpDamageRequest {
  @ApiProperty({ example: '532327101', description: "Lies within one of the shock's regions" })
  @IsString()
  region!: string;

  @ApiPropertyOptional({ example: 4000, description: '受灾面积, mu' })
  @MayBeAbsent()
  @IsNumber()
  @Min(0)
  @Max(MAX_MU)
  cropHitMu?: number;

  @ApiPropertyOptional({ example: 1500, description: '成灾面积, mu' })
  @MayBeAbsent()
  @IsNumber()
  @Min(0)
  @Max(MAX_MU)
  cropDamagedMu?: number;

  @ApiPropertyOptional({ example: 300, description: '绝收面积, mu' })
  @MayBeAbsent()
  @IsNumber()
  @Min(0)
  @Max(MAX_MU)
  cropLostMu?: number;

  @ApiPropertyOptional({ type: 'integer', example: 12, description: '倒塌房屋, 户' })
  @MayBeAbsent()
  @IsInt()
  @Min(0)
  @Max(MAX_HOUSES)
  housesCollapsed?: number;

  @ApiPropertyOptional({ type: 'integer', example: 140, description: '损坏房屋, 户' })
  @MayBeAbsent()
  @IsInt()
  @Min(0)
  @Max(MAX_HOUSES)
  housesDamaged?: number;

  @ApiPropertyOptional({ type: [String], example: ['玉米'], description: 'Crops by name or key; all when absent' })
  @MayBeAbsent()
  @IsArray()
  @IsString({ each: true })
  products?: string[];
}

export class MadeUpIntensityRequest {
  @ApiProperty({ example: '532327101' })
  @IsString()
  region!: string;

  @ApiProperty({ type: 'integer', example: 7, description: '烈度 (GB/T 17742)' })
  @IsInt()
  @Min(1)
  @Max(12)
  intensity!: number;
}

export class MadeUpWaterCutRequest {
  @ApiPropertyOptional({
    type: [String],
    example: ['YR-001'],
    description: 'Codes of schemes; absent for all of `regions`',
  })
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(100)
  @Matches(/^[A-Za-z0-9-]{1,32}$/, { each: true, message: 'schemes must be codes of letters, digits and hyphens' })
  schemes?: string[];

  @ApiPropertyOptional({ type: 'integer', example: 10, description: 'How long it lasts' })
  @MayBeAbsent()
  @IsInt()
  @Min(0)
  @Max(3_660)
  days?: number;
}

export class MadeUpAnimalsRequest {
  @ApiProperty({ example: '532327101', description: "Lies within one of the shock's regions" })
  @IsString()
  region!: string;

  @ApiProperty({ example: '生猪', description: 'Animal by its Chinese name or key' })
  @IsString()
  product!: string;

  @ApiPropertyOptional({ type: 'integer', example: 30, description: '死亡: heads found dead of it' })
  @MayBeAbsent()
  @IsInt()
  @Min(0)
  @Max(MAX_HEADS)
  deadHeads?: number;

  @ApiPropertyOptional({ type: 'integer', example: 120, description: '扑杀: heads killed by order' })
  @MayBeAbsent()
  @IsInt()
  @Min(0)
  @Max(MAX_HEADS)
  culledHeads?: number;
}

export class MadeUpShockRequest {
  @ApiPropertyOptional({
    enum: shockKinds.map(({ kind }) => kind),
    description: 'May be left out where priceFall, unsoldStock, layOff or waterCut says it',
  })
  @MayBeAbsent()
  @IsString()
  kind?: string;

  @ApiPropertyOptional({ enum: ['blue', 'yellow', 'orange', 'red', 'unknown'], example: 'red' })
  @MayBeAbsent()
  @IsString()
  level?: string;

  @ApiPropertyOptional({
    default: true,
    description:
      'False for a forecast. Policy then mostly makes it a notice or has it recorded, which alerts nobody: `shocks[].lane` says ' +
      'which, `exposed` counts who would lose something if it happens, `ifItHappens` what would follow',
  })
  @MayBeAbsent()
  @IsBoolean()
  observed?: boolean;

  @ApiPropertyOptional({
    type: [String],
    example: ['532327'],
    description: 'Where it happens; of a lay-off, where the work was. The simulated area when absent',
  })
  @MayBeAbsent()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_AREAS)
  @IsString({ each: true })
  regions?: string[];

  @ApiPropertyOptional({
    format: 'date-time',
    description: 'With offset, or a day. Decides the growth month, and the day of policy and line; now when absent',
  })
  @MayBeAbsent()
  @IsISO8601({ strict: true })
  onset?: string;

  @ApiPropertyOptional({ example: '假设：七月全县冰雹' })
  @MayBeAbsent()
  @IsString()
  @MaxLength(500)
  headline?: string;

  @ApiPropertyOptional({ type: [MadeUpDamageRequest] })
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(MAX_AREAS)
  @ValidateNested({ each: true })
  @Type(() => MadeUpDamageRequest)
  damage?: MadeUpDamageRequest[];

  @ApiPropertyOptional({ type: [MadeUpIntensityRequest], description: 'Of an earthquake' })
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(MAX_AREAS)
  @ValidateNested({ each: true })
  @Type(() => MadeUpIntensityRequest)
  intensity?: MadeUpIntensityRequest[];

  @ApiPropertyOptional({
    type: [MadeUpAnimalsRequest],
    description: 'Of animal diseases (`african-swine-fever` …); estimated by the disease when absent',
  })
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(MAX_AREAS)
  @ValidateNested({ each: true })
  @Type(() => MadeUpAnimalsRequest)
  animalDisease?: MadeUpAnimalsRequest[];

  @ApiPropertyOptional({ type: MadeUpPriceFallRequest })
  @MayBeAbsent()
  @ValidateNested()
  @Type(() => MadeUpPriceFallRequest)
  priceFall?: MadeUpPriceFallRequest;

  @ApiPropertyOptional({ type: MadeUpUnsoldStockRequest })
  @MayBeAbsent()
  @ValidateNested()
  @Type(() => MadeUpUnsoldStockRequest)
  unsoldStock?: MadeUpUnsoldStockRequest;

  @ApiPropertyOptional({ type: MadeUpLayOffRequest })
  @MayBeAbsent()
  @ValidateNested()
  @Type(() => MadeUpLayOffRequest)
  layOff?: MadeUpLayOffRequest;

  @ApiPropertyOptional({ type: MadeUpWaterCutRequest })
  @MayBeAbsent()
  @ValidateNested()
  @Type(() => MadeUpWaterCutRequest)
  waterCut?: MadeUpWaterCutRequest;
}
