/** What an officer asks for. */
import { shockKinds } from '@fangpin/contracts';
import { findRegionCode, isDay } from '@fangpin/domain-kit';
import { MayBeAbsent } from '@fangpin/service-kit';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsBoolean,
  IsIn,
  IsString,
  Matches,
  MaxLength,
  Validate,
  ValidatorConstraint,
  type ValidatorConstraintInterface,
} from 'class-validator';

const kinds = shockKinds.map(({ kind }) => kind);
// NUL and other control characters cannot be stored; a text of blanks is none.
const TEXT = /^(?=.*\S)[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]+$/su;
const A_TEXT = { message: 'must be a text that is not empty' };

@ValidatorConstraint({ name: 'isDay' })
class IsDay implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return typeof value === 'string' && isDay(value);
  }

  defaultMessage(): string {
    return 'must be a day, YYYY-MM-DD';
  }
}

@ValidatorConstraint({ name: 'isRegionCode' })
class IsRegionCode implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return typeof value === 'string' && findRegionCode(value) !== undefined;
  }

  defaultMessage(): string {
    return 'must be a region code of 2, 4, 6, 9 or 12 digits';
  }
}

export class PolicyApplicationRequest {
  @ApiProperty({
    type: String,
    format: 'date',
    example: '2026-06-01',
    description: 'First day of judgement of the shocks',
  })
  @Validate(IsDay)
  since!: string;

  @ApiPropertyOptional({
    type: String,
    format: 'date',
    example: '2026-07-31',
    description: 'The last one; today when absent',
  })
  @MayBeAbsent()
  @Validate(IsDay)
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
  @Validate(IsRegionCode)
  region?: string;

  @ApiProperty({
    type: String,
    maxLength: 500,
    example: '冰雹作物损失率按县农业农村局调查结果下调',
    description: 'Why',
  })
  @IsString()
  @MaxLength(500)
  @Matches(TEXT, A_TEXT)
  reason!: string;

  @ApiProperty({
    type: String,
    maxLength: 200,
    example: '永乡振组〔2026〕14号',
    description: 'Number of the document that orders it',
  })
  @IsString()
  @MaxLength(200)
  @Matches(TEXT, A_TEXT)
  document!: string;

  @ApiPropertyOptional({ type: Boolean, description: 'Only says which shocks would be judged again' })
  @MayBeAbsent()
  @IsBoolean()
  dryRun?: boolean;
}
