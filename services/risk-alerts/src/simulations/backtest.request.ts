import { MayBeAbsent } from '@fangpin/service-kit';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsInt, IsString, Max, Min, ValidateNested } from 'class-validator';
import { MAX_CHANGES, PolicyChangeRequest } from './policy-change.request.js';

export class BacktestRequest {
  @ApiProperty({ type: 'integer', example: 12, description: 'Shocks judged in the last so many months' })
  @IsInt()
  @Min(1)
  @Max(120)
  months!: number;

  @ApiPropertyOptional({ example: '532327', description: "Within the caller's area; the caller's own when absent" })
  @MayBeAbsent()
  @IsString()
  region?: string;

  @ApiPropertyOptional({ type: [PolicyChangeRequest], description: 'Values to try out on all of them' })
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(MAX_CHANGES)
  @ValidateNested({ each: true })
  @Type(() => PolicyChangeRequest)
  policy?: PolicyChangeRequest[];
}
