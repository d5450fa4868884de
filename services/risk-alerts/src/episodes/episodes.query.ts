import { PageQuery } from '@fangpin/service-kit';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsNumberString, IsOptional, IsString, MaxLength } from 'class-validator';
import { causes } from './cause-words.js';

export class EpisodesQuery extends PageQuery {
  @ApiPropertyOptional({ description: "Area, within the caller's; the caller's own when absent", example: '532327' })
  @IsOptional()
  @IsString()
  region?: string;

  @ApiPropertyOptional({ example: '1204' })
  @IsOptional()
  @IsNumberString({ no_symbols: true }, { message: 'householdId must be a whole number' })
  @MaxLength(15, { message: 'householdId must be a whole number of at most 15 digits' })
  householdId?: string;

  @ApiPropertyOptional({ enum: causes })
  @IsOptional()
  @IsIn(causes)
  cause?: string;

  @ApiPropertyOptional({ enum: ['open', 'ended'], description: 'Both when absent' })
  @IsOptional()
  @IsIn(['open', 'ended'])
  state?: 'open' | 'ended';

  @ApiPropertyOptional({
    enum: ['true', 'false'],
    description:
      '`true`: only what households are to be told now. What is no worse than was told lately is left out, and so is a household that was told as often today as policy allows, or that has moved out or is dissolved.',
  })
  @IsOptional()
  @IsIn(['true', 'false'])
  toTell?: 'true' | 'false';
}
