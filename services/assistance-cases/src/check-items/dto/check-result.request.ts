import { IsNoIdNumber, NamesNobody } from '@fangpin/service-kit';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, IsOptional, IsString, Length, Matches } from 'class-validator';
import type { CheckResult } from '../check-item-states.js';

export const checkResults = ['no-risk', 'risk', 'unreachable'] as const;

/** What a check of a listed household found. */
export class CheckResultRequest {
  @ApiProperty({ enum: checkResults, description: '`risk` opens a case, or joins the open one of the household.' })
  @IsIn(checkResults)
  result!: CheckResult;

  @ApiProperty({ minLength: 2, maxLength: 500, description: 'What was seen; stays in this service.' })
  @IsString()
  @Length(2, 500)
  @NamesNobody()
  reason!: string;

  @ApiProperty({ type: [String], description: 'Who checked: accounts or staff numbers; two or more for `no-risk`.' })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(10)
  @IsString({ each: true })
  @Length(1, 64, { each: true })
  @IsNoIdNumber({ each: true })
  checkers!: string[];

  @ApiPropertyOptional({
    format: 'date',
    description: 'Day of the check, not before there was anything to see; today when not told.',
  })
  @IsOptional()
  @Matches(/^\d{4}-\d{2}-\d{2}$/, { message: 'checkedOn must be a day such as 2026-07-20' })
  checkedOn?: string;

  @ApiPropertyOptional({
    type: [String],
    format: 'uuid',
    maxItems: 50,
    description:
      'Other open items of the same household that this visit answers as well, with the same result, checkers and day ' +
      '(`sameVisit` of the item). An item that has the same result already is passed over.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(50)
  @IsString({ each: true })
  alsoAnswers?: string[];
}
