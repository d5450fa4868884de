import { IsRegionCodeText, PageQuery } from '@fangpin/service-kit';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { shockKinds } from '@fangpin/contracts';
import { lanes, shockStates, type ShockState } from './shock.js';

const kinds = shockKinds.map(({ kind }) => kind);

export class ShocksQuery extends PageQuery {
  @ApiPropertyOptional({ enum: lanes })
  @IsOptional()
  @IsIn(lanes)
  lane?: (typeof lanes)[number];

  @ApiPropertyOptional({ enum: shockStates })
  @IsOptional()
  @IsIn(shockStates)
  state?: ShockState;

  @ApiPropertyOptional({ enum: kinds })
  @IsOptional()
  @IsIn(kinds)
  kind?: string;

  @ApiPropertyOptional({ type: String, description: "Shocks that touch this area; the caller's own when absent" })
  @IsOptional()
  @IsRegionCodeText()
  region?: string;
}
