import { ApiProperty } from '@nestjs/swagger';
import { MayBeAbsent, PageQuery } from '@fangpin/service-kit';
import { IsString } from 'class-validator';

export class HouseholdQuery extends PageQuery {
  @ApiProperty({ required: false, description: "Region code of any level; the caller's own area when not told" })
  @MayBeAbsent()
  @IsString({ message: 'region must be given once' })
  region?: string;
}
