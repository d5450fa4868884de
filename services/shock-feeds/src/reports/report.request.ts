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

  @ApiPropertyOptional({
    type: 'integer',
    example: 3,
    description: '倒塌房屋, 户: houses of households; figures in rooms (间) are to be counted as 户 first',
  })
  housesCollapsed?: number;

  @ApiPropertyOptional({ type: 'integer', example: 41, description: '损坏房屋, 户: houses of households, as above' })
  housesDamaged?: number;
}

export class UnsoldProductRequest {
  @ApiProperty({ type: String, example: '蔬菜', description: 'Crop or animal by its Chinese name or key' })
  product!: string;

  @ApiProperty({
    type: Number,
    example: 120000,
    description: 'Kilograms left over in the whole area: spread over what its growers harvest in a year',
  })
  quantityKg!: number;

  @ApiPropertyOptional({
    type: 'integer',
    example: 40,
    description: 'What is offered, fen per kilogram; 0 for nothing',
  })
  offeredFenPerKg?: number;
}

export class UnsoldStockRequest {
  @ApiProperty({ type: [UnsoldProductRequest] })
  products!: UnsoldProductRequest[];
}

export class LayOffRequest {
  @ApiPropertyOptional({
    type: String,
    example: '91441900FPDEM0001X',
    description:
      '统一社会信用代码 of the firm (GB 32100-2015, check digit included); absent for all workplaces of `regions`',
  })
  employer?: string;

  @ApiPropertyOptional({ type: [String], example: ['制造'], description: 'Branches of work; all when absent' })
  branches?: string[];

  @ApiPropertyOptional({
    type: 'integer',
    example: 300,
    description: 'People let go: spread over all who are known to work there, who all count where it is absent',
  })
  persons?: number;
}

export class WaterCutRequest {
  @ApiPropertyOptional({
    type: [String],
    example: ['yr-yongding-01'],
    description: 'Codes of the water schemes as the register has them; all households of `regions` when absent',
  })
  schemes?: string[];

  @ApiPropertyOptional({ type: 'integer', example: 5, description: 'Days without water, so far or as announced' })
  days?: number;
}

export class DiseasedAnimalsRequest {
  @ApiProperty({ type: String, example: '532327101', description: 'Lies within one of `regions`' })
  region!: string;

  @ApiProperty({ type: String, example: '生猪', description: 'Animal by its Chinese name or key' })
  product!: string;

  @ApiPropertyOptional({ type: 'integer', example: 30, description: '死亡: heads found dead of it' })
  deadHeads?: number;

  @ApiPropertyOptional({ type: 'integer', example: 120, description: '扑杀: heads killed by order' })
  culledHeads?: number;
}

export class ShockReportRequest {
  @ApiProperty({ enum: shockKinds.map(({ kind }) => kind) })
  kind!: string;

  @ApiPropertyOptional({ enum: ['blue', 'yellow', 'orange', 'red', 'unknown'] })
  level?: string;

  @ApiProperty({ type: Boolean, description: 'True for what has happened, false for a forecast' })
  observed!: boolean;

  @ApiProperty({ type: [String], example: ['532327'], description: 'Of a lay-off: where the work was, as 4419' })
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

  @ApiPropertyOptional({ type: UnsoldStockRequest, description: 'Required of kind unsold-stock, refused of others' })
  unsoldStock?: UnsoldStockRequest;

  @ApiPropertyOptional({ type: LayOffRequest, description: 'Required of kind lay-off, refused of others' })
  layOff?: LayOffRequest;

  @ApiPropertyOptional({ type: WaterCutRequest, description: 'Of kind `water-cut`' })
  waterCut?: WaterCutRequest;

  @ApiPropertyOptional({
    type: [DiseasedAnimalsRequest],
    description:
      'Of animal diseases (`african-swine-fever`, `foot-and-mouth` …). Absent while nobody has counted: what is lost is then ' +
      'estimated by the disease',
  })
  animalDisease?: DiseasedAnimalsRequest[];

  @ApiPropertyOptional({
    type: String,
    format: 'uuid',
    description:
      'A report of the same event, which this one replaces (续报, 核报), or the forecast that came true. What is over stays over: ' +
      'its figures are put right. Without it ' +
      'a notice of the same kind, area and days is looked for',
  })
  shockId?: string;

  @ApiPropertyOptional({
    type: String,
    maxLength: 500,
    example: '交通恢复后入户复核，新增三个村组',
    description: 'Why figures fall or jump from one report of an event to the next; asked for where they do',
  })
  explanation?: string;
}
