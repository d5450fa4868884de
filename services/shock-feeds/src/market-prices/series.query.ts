import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Matches, MaxLength, MinLength } from 'class-validator';

const MAX_NAME = 60;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

export class SeriesQuery {
  @ApiProperty({ example: '生猪', description: 'Any name that markets use' })
  @IsString()
  @MinLength(1)
  @MaxLength(MAX_NAME)
  product!: string;

  @ApiProperty({ example: '全国' })
  @IsString()
  @MinLength(1)
  @MaxLength(MAX_NAME)
  market!: string;

  @ApiPropertyOptional({ example: '2021-01-01', format: 'date', description: 'First day shown' })
  @IsOptional()
  @Matches(DAY, { message: 'must be a day as YYYY-MM-DD' })
  from?: string;

  @ApiPropertyOptional({ example: '2021-12-31', format: 'date', description: 'Last day shown' })
  @IsOptional()
  @Matches(DAY, { message: 'must be a day as YYYY-MM-DD' })
  to?: string;
}
