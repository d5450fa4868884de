import { findRegionCode } from '@fangpin/domain-kit';
import { PageQuery } from '@fangpin/service-kit';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, Validate, ValidatorConstraint, type ValidatorConstraintInterface } from 'class-validator';
import { shockKinds } from '@fangpin/contracts';
import { lanes, shockStates, type ShockState } from './shock.js';

const kinds = shockKinds.map(({ kind }) => kind);

@ValidatorConstraint({ name: 'isRegionCode' })
class IsRegionCode implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return typeof value === 'string' && findRegionCode(value) !== undefined;
  }

  defaultMessage(): string {
    return 'must be a region code of 2, 4, 6, 9 or 12 digits';
  }
}

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
  @Validate(IsRegionCode)
  region?: string;
}
