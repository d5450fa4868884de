import { NamesNobody } from '@fangpin/service-kit';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  Equals,
  IsArray,
  IsBoolean,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
} from 'class-validator';

/** No township of the country has more; a slip of the decimal point is refused, not stored. */
const MAX_MU = 1_000_000;
const MAX_HOUSES = 100_000;
const MAX_VILLAGES = 1_000;
const MAX_NOTE = 500;

/** What a village answers. Figures are first estimates and may all be absent. */
export class AnswerRequest {
  @ApiProperty({ type: Boolean, description: '受灾 (true) or 未受灾 (false, a zero report)', example: true })
  @IsBoolean()
  hit!: boolean;

  @ApiPropertyOptional({ type: Number, description: '受灾面积, mu', example: 120.5 })
  @IsOptional()
  @IsNumber({ maxDecimalPlaces: 2 })
  @Min(0)
  @Max(MAX_MU)
  cropHitMu?: number;

  @ApiPropertyOptional({ type: Number, description: '绝收面积, mu; part of cropHitMu', example: 30 })
  @IsOptional()
  @IsNumber({ maxDecimalPlaces: 2 })
  @Min(0)
  @Max(MAX_MU)
  cropLostMu?: number;

  @ApiPropertyOptional({ type: 'integer', description: '倒塌房屋, 户', example: 0 })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(MAX_HOUSES)
  housesCollapsed?: number;

  @ApiPropertyOptional({ type: 'integer', description: '损坏房屋, 户', example: 3 })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(MAX_HOUSES)
  housesDamaged?: number;

  @ApiPropertyOptional({
    type: [String],
    description: 'Crops by their Chinese names; all when absent',
    example: ['玉米'],
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(20)
  @IsString({ each: true })
  products?: string[];

  @ApiPropertyOptional({ minLength: 1, maxLength: MAX_NOTE, description: 'Stays in this service.' })
  @IsOptional()
  @IsString()
  @Length(1, MAX_NOTE)
  @NamesNobody()
  note?: string;
}

/** A zero report of a township for villages that it has asked itself. */
export class ZeroReportRequest {
  @ApiProperty({ type: Boolean, enum: [false], description: '受灾 is answered village by village' })
  @Equals(false, { message: 'hit must be false: 受灾 is answered village by village' })
  hit!: false;

  @ApiProperty({ type: [String], minItems: 1, maxItems: MAX_VILLAGES, example: ['532327101201', '532327101202'] })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_VILLAGES)
  @Matches(/^\d{12}$/, { each: true, message: 'each of villages must be a village code of 12 digits' })
  villages!: string[];

  @ApiPropertyOptional({ minLength: 1, maxLength: MAX_NOTE, example: '乡镇电话核实，均未受灾' })
  @IsOptional()
  @IsString()
  @Length(1, MAX_NOTE)
  @NamesNobody()
  note?: string;
}
