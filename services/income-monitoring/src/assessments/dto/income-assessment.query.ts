import { PageQuery } from '@fangpin/service-kit';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Matches } from 'class-validator';

export class IncomeAssessmentQuery extends PageQuery {
  @ApiPropertyOptional({ description: "Area whose households are listed; the caller's own without it." })
  @IsOptional()
  @IsString({ message: 'region must be given once' })
  region?: string;
}

export class AsOfQuery {
  @ApiPropertyOptional({
    example: '2026-06',
    description:
      'Month in which the assessment is made: the window is the twelve months before it. The stored one without it.',
  })
  @IsOptional()
  @Matches(/^\d{4}-(0[1-9]|1[0-2])$/, { message: 'asOf must be a month YYYY-MM' })
  asOf?: string;
}
