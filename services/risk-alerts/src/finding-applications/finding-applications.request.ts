/** What an officer asks for. */
import { findingKinds } from '@fangpin/contracts';
import { IsDayText, IsPlainText, IsRegionCodeText, MayBeAbsent } from '@fangpin/service-kit';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayNotEmpty, IsArray, IsBoolean, IsIn, IsString, MaxLength } from 'class-validator';

const kinds = findingKinds.map(({ key }) => key);

export class FindingApplicationRequest {
  @ApiProperty({
    type: String,
    format: 'date',
    example: '2026-01-01',
    description: 'First day on which what was found happened',
  })
  @IsDayText()
  since!: string;

  @ApiPropertyOptional({
    type: String,
    format: 'date',
    example: '2026-06-30',
    description: 'The last one; today when absent',
  })
  @MayBeAbsent()
  @IsDayText()
  until?: string;

  @ApiPropertyOptional({
    enum: kinds,
    isArray: true,
    example: ['medical-spending'],
    description: 'All kinds when absent',
  })
  @MayBeAbsent()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(kinds.length)
  @IsIn(kinds, { each: true })
  kinds?: string[];

  @ApiPropertyOptional({
    type: String,
    example: '532327',
    description: "Findings whose household lives in it; the caller's own when absent, and within it",
  })
  @MayBeAbsent()
  @IsRegionCodeText()
  region?: string;

  @ApiProperty({ type: String, maxLength: 500, example: '医疗自付预警线按县医保局测算结果上调', description: 'Why' })
  @IsString()
  @MaxLength(500)
  @IsPlainText()
  reason!: string;

  @ApiProperty({
    type: String,
    maxLength: 200,
    example: '永乡振组〔2026〕15号',
    description: 'Number of the document that orders it',
  })
  @IsString()
  @MaxLength(200)
  @IsPlainText()
  document!: string;

  @ApiPropertyOptional({ type: Boolean, description: 'Only says what it would do' })
  @MayBeAbsent()
  @IsBoolean()
  dryRun?: boolean;
}
