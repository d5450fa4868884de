import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString } from 'class-validator';
import { dutyRange, parseRegionCode, type DutyRange } from '@fangpin/domain-kit';
import { assertWithin, PageQuery, type Caller } from '@fangpin/service-kit';

/** Query of a list of an area. */
export class AreaQuery extends PageQuery {
  @ApiPropertyOptional({ description: "Region code within the caller's area; the caller's own when not told." })
  @IsOptional()
  @IsString({ message: 'region must be given once' })
  region?: string;
}

/** The duty codes of the area asked for. Refuses what is no region code (400) or lies outside the caller's area (403). */
export function areaOf({ region }: AreaQuery, caller: Caller): DutyRange {
  const code = region === undefined ? caller.region : parseRegionCode(region);
  assertWithin(caller, code);
  return dutyRange(code);
}
