/** What a made-up shock says of a market: a price, stock that nobody buys, a lay-off. */
import { MayBeAbsent } from '@fangpin/service-kit';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsInt,
  IsNumber,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';

/** Ten thousand yuan a kilogram: more is a slip of the unit. */
const MAX_FEN = 1_000_000;

export class MadeUpPriceFallRequest {
  @ApiProperty({ example: '生猪', description: 'Animal or crop by its Chinese name or key' })
  @IsString()
  product!: string;

  @ApiPropertyOptional({ example: '全国', description: 'Market, told on; 全国 when absent' })
  @MayBeAbsent()
  @IsString()
  @MaxLength(100)
  market?: string;

  @ApiProperty({ type: 'integer', example: 1650, description: 'What the price falls from, fen per kilogram' })
  @IsInt()
  @Min(1)
  @Max(MAX_FEN)
  referenceFenPerKg!: number;

  @ApiProperty({ type: 'integer', example: 1200, description: 'What it falls to: 12 yuan' })
  @IsInt()
  @Min(0)
  @Max(MAX_FEN)
  latestFenPerKg!: number;
}

export class MadeUpUnsoldProductRequest {
  @ApiProperty({ example: '蔬菜', description: 'Crop or animal by its Chinese name or key' })
  @IsString()
  product!: string;

  @ApiPropertyOptional({
    example: 120000,
    description: 'Kilograms left over in the whole area; the usual shares of policy where absent',
  })
  @MayBeAbsent()
  @IsNumber()
  @Min(0)
  @Max(1_000_000_000)
  quantityKg?: number;

  @ApiPropertyOptional({
    type: 'integer',
    example: 40,
    description: 'What is offered, fen per kilogram; 0 for nothing',
  })
  @MayBeAbsent()
  @IsInt()
  @Min(0)
  @Max(MAX_FEN)
  offeredFenPerKg?: number;
}

export class MadeUpUnsoldStockRequest {
  @ApiProperty({ type: [MadeUpUnsoldProductRequest] })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @ValidateNested({ each: true })
  @Type(() => MadeUpUnsoldProductRequest)
  products!: MadeUpUnsoldProductRequest[];
}

export class MadeUpLayOffRequest {
  @ApiPropertyOptional({
    example: '91441900FPDEM0001X',
    description: '统一社会信用代码 of the firm; absent for all workplaces of `regions`',
  })
  @MayBeAbsent()
  @IsString()
  employer?: string;

  @ApiPropertyOptional({ type: [String], example: ['制造'], description: 'Branches by name or key; all when absent' })
  @MayBeAbsent()
  @IsArray()
  @IsString({ each: true })
  branches?: string[];

  @ApiPropertyOptional({ type: 'integer', example: 300, description: 'People let go; all who work there where absent' })
  @MayBeAbsent()
  @IsInt()
  @Min(0)
  @Max(10_000_000)
  persons?: number;
}
