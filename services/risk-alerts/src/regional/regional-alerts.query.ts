import { PageQuery } from '@fangpin/service-kit';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString } from 'class-validator';
import { areaLevels, type AreaLevel } from './areas.js';

export class RegionalAlertsQuery extends PageQuery {
  @ApiPropertyOptional({ description: "Area, within the caller's; the caller's own when absent", example: '532327' })
  @IsOptional()
  @IsString()
  region?: string;

  @ApiPropertyOptional({
    enum: areaLevels,
    description: 'All levels within the area when absent',
    example: 'prefecture',
  })
  @IsOptional()
  @IsIn(areaLevels)
  level?: AreaLevel;

  @ApiPropertyOptional({ enum: ['open', 'eased', 'ended'], description: 'All states when absent' })
  @IsOptional()
  @IsIn(['open', 'eased', 'ended'])
  state?: 'open' | 'eased' | 'ended';
}
