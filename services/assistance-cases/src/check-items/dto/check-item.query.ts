import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsUUID, Matches } from 'class-validator';
import { AreaQuery } from '../../http/area.query.js';
import { checkItemStates, type CheckItemState } from '../check-item-states.js';

export class CheckItemQuery extends AreaQuery {
  @ApiPropertyOptional({ enum: Object.keys(checkItemStates) })
  @IsOptional()
  @IsIn(Object.keys(checkItemStates))
  state?: CheckItemState;

  @ApiPropertyOptional({ format: 'uuid', description: 'Items that an alert of this shock or finding listed.' })
  @IsOptional()
  @IsUUID()
  shockId?: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, example: 4711, description: 'Items of this household.' })
  @IsOptional()
  @Matches(/^[1-9]\d{0,14}$/, { message: 'householdId must be a whole number above zero' })
  householdId?: string;
}
