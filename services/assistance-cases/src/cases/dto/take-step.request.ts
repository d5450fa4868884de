import { IsNoIdNumber, NamesNobody } from '@fangpin/service-kit';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsOptional, IsString, Length, Matches } from 'class-validator';

/** What a step carries; which of it is required stands with the allowed action. */
export class TakeStepRequest {
  @ApiPropertyOptional({ description: 'Why, in words that the household has been told.', minLength: 2, maxLength: 500 })
  @IsOptional()
  @IsString()
  @Length(2, 500)
  @NamesNobody()
  reason?: string;

  @ApiPropertyOptional({ type: [String], description: 'Who has checked: accounts or staff numbers, two or more.' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(10)
  @IsString({ each: true })
  @Length(1, 64, { each: true })
  @IsNoIdNumber({ each: true })
  checkers?: string[];

  @ApiPropertyOptional({
    format: 'date',
    description: 'Day on which the household was told the reason, not before there was anything to tell.',
  })
  @IsOptional()
  @Matches(/^\d{4}-\d{2}-\d{2}$/, { message: 'toldOn must be a day such as 2026-07-20' })
  toldOn?: string;
}
