import { findingKinds } from '@fangpin/contracts';
import { PageQuery } from '@fangpin/service-kit';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Matches } from 'class-validator';
import type { FindingState } from '../decide-finding.rule.js';

const OUTCOMES: readonly FindingState[] = ['waiting', 'alerted', 'withheld', 'withdrawn'];
const KINDS = findingKinds.map(({ key }) => key);

/** Which findings. */
export class FindingsFilter extends PageQuery {
  @ApiPropertyOptional({ description: "Area, within the caller's; the caller's own when absent", example: '532327' })
  @IsOptional()
  @IsString()
  region?: string;

  @ApiPropertyOptional({ enum: KINDS, description: 'What was found' })
  @IsOptional()
  @IsIn(KINDS)
  kind?: string;

  @ApiPropertyOptional({ enum: OUTCOMES, description: 'What became of it' })
  @IsOptional()
  @IsIn(OUTCOMES)
  outcome?: FindingState;

  @ApiPropertyOptional({
    description: 'Key of the department; a department sees its own only',
    example: 'health-insurance',
  })
  @IsOptional()
  @Matches(/^[a-z][a-z-]{1,63}$/, { message: "department must be a department's key" })
  department?: string;

  @ApiPropertyOptional({ description: 'The batch that it came in', example: '7b0f5a52-5f0e-4a53-9d0c-9f4b0c6c1a11' })
  @IsOptional()
  @Matches(/^[\w-]{1,64}$/, { message: 'batchId must be the id of a batch' })
  batchId?: string;
}
