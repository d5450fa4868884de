import { PageQuery } from '@fangpin/service-kit';
import { ApiProperty } from '@nestjs/swagger';
import { Matches } from 'class-validator';

export class IncomeEntryQuery extends PageQuery {
  @ApiProperty({ type: 'integer', minimum: 1, description: 'Household whose entries are listed.' })
  @Matches(/^[1-9]\d{0,15}$/, { message: 'householdId must be a household id (a positive integer)' })
  householdId!: string;
}
