/** What an officer asks for. */
import { shockKinds } from '@fangpin/contracts';
import { IsDayText, IsPlainText, IsRegionCodeText, MayBeAbsent } from '@fangpin/service-kit';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayNotEmpty, IsArray, IsBoolean, IsIn, IsString, MaxLength } from 'class-validator';

const kinds = shockKinds.map(({ kind }) => kind);
export class PolicyApplicationRequest {
  @ApiProperty({
    type: String,
    format: 'date',
    example: '2026-06-01',
    description: 'First day of judgement of the shocks',
  })
  @IsDayText()
  since!: string;

  @ApiPropertyOptional({
    type: String,
    format: 'date',
    example: '2026-07-31',
    description: 'The last one; today when absent',
  })
  @MayBeAbsent()
  @IsDayText()
  until?: string;

  @ApiPropertyOptional({ enum: kinds, isArray: true, example: ['hail'], description: 'All kinds when absent' })
  @MayBeAbsent()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(kinds.length)
  @IsIn(kinds, { each: true })
  kinds?: string[];

  @ApiPropertyOptional({
    type: String,
    example: '532327',
    description: "Shocks that lie in it as a whole; the caller's own when absent, and within it",
  })
  @MayBeAbsent()
  @IsRegionCodeText()
  region?: string;

  @ApiProperty({
    type: String,
    maxLength: 500,
    example: '冰雹作物损失率按县农业农村局调查结果下调',
    description: 'Why',
  })
  @IsString()
  @MaxLength(500)
  @IsPlainText()
  reason!: string;

  @ApiProperty({
    type: String,
    maxLength: 200,
    example: '永乡振组〔2026〕14号',
    description: 'Number of the document that orders it',
  })
  @IsString()
  @MaxLength(200)
  @IsPlainText()
  document!: string;

  @ApiPropertyOptional({ type: Boolean, description: 'Only says which shocks would be judged again' })
  @MayBeAbsent()
  @IsBoolean()
  dryRun?: boolean;
}
