import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, IsUUID } from 'class-validator';
import { AreaQuery } from '../../http/area.query.js';

export const questionFilters = ['open', 'answered', 'overdue', 'withdrawn'] as const;

export class QuestionQuery extends AreaQuery {
  @ApiPropertyOptional({ format: 'uuid', description: 'Questions that ask about this notice or report.' })
  @IsOptional()
  @IsUUID()
  shockId?: string;

  @ApiPropertyOptional({ enum: questionFilters, description: '`open` holds the overdue ones, too.' })
  @IsOptional()
  @IsIn(questionFilters)
  state?: (typeof questionFilters)[number];
}

export class QuestionSummaryQuery {
  @ApiPropertyOptional({ description: "Region code within the caller's area; the caller's own when not told." })
  @IsOptional()
  @IsString({ message: 'region must be given once' })
  region?: string;

  @ApiPropertyOptional({
    format: 'uuid',
    description: 'Only what asks about this notice or report; all questions when not told.',
  })
  @IsOptional()
  @IsUUID()
  shockId?: string;
}
