import { PageQuery } from '@fangpin/service-kit';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString } from 'class-validator';

export class RegionalAlertsQuery extends PageQuery {
  @ApiPropertyOptional({ description: "Area, within the caller's; the caller's own when absent", example: '532327' })
  @IsOptional()
  @IsString()
  region?: string;

  @ApiPropertyOptional({ enum: ['open', 'eased', 'ended'], description: 'All states when absent' })
  @IsOptional()
  @IsIn(['open', 'eased', 'ended'])
  state?: 'open' | 'eased' | 'ended';
}
