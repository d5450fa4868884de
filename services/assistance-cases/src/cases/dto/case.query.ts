import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, IsUUID } from 'class-validator';
import { AreaQuery } from '../../http/area.query.js';
import { caseStates, type CaseState } from '../case-states.js';

export class CaseQuery extends AreaQuery {
  @ApiPropertyOptional({ enum: Object.keys(caseStates) })
  @IsOptional()
  @IsIn(Object.keys(caseStates))
  state?: CaseState;

  @ApiPropertyOptional({ description: '`overdue`, `today`, or a day: open cases due until its end.' })
  @IsOptional()
  @IsString()
  due?: string;

  @ApiPropertyOptional({
    format: 'uuid',
    description: 'Cases that an alert of this shock or finding opened or joined.',
  })
  @IsOptional()
  @IsUUID()
  shockId?: string;
}
