import { PageQuery } from '@fangpin/service-kit';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, IsUUID, Matches } from 'class-validator';

export class AlertsQuery extends PageQuery {
  @ApiPropertyOptional({ description: "Area, within the caller's; the caller's own when absent", example: '532327' })
  @IsOptional()
  @IsString()
  region?: string;

  @ApiPropertyOptional({ format: 'uuid' })
  @IsOptional()
  @IsUUID()
  shockId?: string;

  @ApiPropertyOptional({ format: 'uuid', description: 'Alerts that a finding of a department has raised' })
  @IsOptional()
  @IsUUID()
  findingId?: string;

  @ApiPropertyOptional({ example: '1204' })
  @IsOptional()
  @Matches(/^\d{1,15}$/, { message: 'householdId must be a whole number of at most fifteen digits' })
  householdId?: string;

  @ApiPropertyOptional({ enum: ['raised', 'withdrawn'] })
  @IsOptional()
  @IsIn(['raised', 'withdrawn'])
  status?: 'raised' | 'withdrawn';
}
