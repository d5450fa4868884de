import { ApiProperty } from '@nestjs/swagger';

export class WindowDto {
  @ApiProperty({ format: 'date', example: '2025-11-01' })
  from!: string;

  @ApiProperty({ format: 'date', example: '2026-10-31' })
  to!: string;
}

/** The figure as lists show it. Money in fen over the whole window. */
export class IncomeAssessmentDto {
  @ApiProperty({ type: 'integer' })
  householdId!: number;

  @ApiProperty({ description: 'Code of the area that answers for the household.' })
  region!: string;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Null where the figure was recomputed for another month.',
  })
  revision!: number | null;

  @ApiProperty({ type: WindowDto })
  window!: WindowDto;

  @ApiProperty({ type: 'integer' })
  persons!: number;

  @ApiProperty({ type: 'integer', description: '工资性收入' })
  wageFen!: number;

  @ApiProperty({ type: 'integer', description: '生产经营性收入' })
  businessFen!: number;

  @ApiProperty({ type: 'integer', description: '财产性收入' })
  propertyFen!: number;

  @ApiProperty({ type: 'integer', description: '转移性收入' })
  transferFen!: number;

  @ApiProperty({ type: 'integer', description: '生产经营性支出' })
  productionCostFen!: number;

  @ApiProperty({ type: 'integer', description: '家庭人均纯收入; negative where costs exceed income.' })
  perCapitaFen!: number;

  @ApiProperty({ description: 'The household is no longer followed; the figures are its last.' })
  closed!: boolean;

  @ApiProperty({ format: 'date-time', description: 'When the figure was made.' })
  asOf!: string;
}

export class SetApartDto {
  @ApiProperty({ type: 'integer', description: '家庭理赔收入' })
  insurancePayoutFen!: number;

  @ApiProperty({ type: 'integer', description: '合规自付支出' })
  outOfPocketFen!: number;

  @ApiProperty({ type: 'integer', description: '专项用途补助' })
  fixedPurposeGrantFen!: number;

  @ApiProperty({ type: 'integer', description: '临时性帮助' })
  temporaryHelpFen!: number;
}

export class IncomeAssessmentDetailDto extends IncomeAssessmentDto {
  @ApiProperty({ type: SetApartDto, description: 'Kept beside the figure, never in it.' })
  setApart!: SetApartDto;

  @ApiProperty({
    type: 'integer',
    minimum: 0,
    maximum: 12,
    description: 'Months of the window that an entry of income touches.',
  })
  monthsCovered!: number;
}

export class IncomeAssessmentPageDto {
  @ApiProperty({ type: [IncomeAssessmentDto] })
  items!: IncomeAssessmentDto[];

  @ApiProperty({ type: String, nullable: true })
  nextCursor!: string | null;
}
