import { MayBeAbsent } from '@fangpin/service-kit';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsInt, IsNumber, IsString, IsUUID, Max, Min, ValidateNested } from 'class-validator';
import { MadeUpShockRequest } from './made-up-shock.request.js';
import { MAX_CHANGES, PolicyChangeRequest } from './policy-change.request.js';

export class CaseworkersRequest {
  @ApiProperty({ example: '532327101', description: 'A township' })
  @IsString()
  region!: string;

  @ApiProperty({ example: 4, description: 'Caseworkers (乡镇专干) there' })
  @IsNumber()
  @Min(0.1)
  @Max(1000)
  persons!: number;
}

export class SimulationRequest {
  @ApiPropertyOptional({
    example: '532327',
    description: "Area that is counted, within the caller's; the caller's own when absent",
  })
  @MayBeAbsent()
  @IsString()
  region?: string;

  @ApiPropertyOptional({ type: MadeUpShockRequest, description: 'A shock that has not happened' })
  @MayBeAbsent()
  @ValidateNested()
  @Type(() => MadeUpShockRequest)
  shock?: MadeUpShockRequest;

  @ApiPropertyOptional({ format: 'uuid', description: 'A shock that has raised alerts, instead of a made-up one' })
  @MayBeAbsent()
  @IsUUID()
  shockId?: string;

  @ApiPropertyOptional({
    type: [PolicyChangeRequest],
    description: 'Values to try out. Alone, they are tried on all shocks that are open now',
  })
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(MAX_CHANGES)
  @ValidateNested({ each: true })
  @Type(() => PolicyChangeRequest)
  policy?: PolicyChangeRequest[];

  @ApiPropertyOptional({
    type: [CaseworkersRequest],
    description: 'Real numbers; a policy value is assumed for other townships',
  })
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(2_000)
  @ValidateNested({ each: true })
  @Type(() => CaseworkersRequest)
  caseworkers?: CaseworkersRequest[];

  @ApiPropertyOptional({
    type: 'integer',
    default: 2,
    maximum: 10,
    description: 'Explained households of each severity',
  })
  @MayBeAbsent()
  @IsInt()
  @Min(0)
  @Max(10)
  samplePerSeverity?: number;
}
