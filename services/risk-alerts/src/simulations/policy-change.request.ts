import { MayBeAbsent } from '@fangpin/service-kit';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Allow, IsString, MaxLength } from 'class-validator';

/** Most values that one request tries out. */
export const MAX_CHANGES = 200;

export class PolicyChangeRequest {
  @ApiProperty({ example: 'triage', description: 'Key of libs/policy' })
  @IsString()
  @MaxLength(60)
  key!: string;

  @ApiPropertyOptional({ example: 'pig', description: 'For keys that hold one value for each product, kind …' })
  @MayBeAbsent()
  @IsString()
  @MaxLength(60)
  subject?: string;

  @ApiPropertyOptional({
    example: '532327',
    description: 'Holds here and everywhere within; the whole country when absent',
  })
  @MayBeAbsent()
  @IsString()
  region?: string;

  @ApiProperty({
    type: Object,
    example: { alertFrom: 2, caseFrom: 3 },
    description: 'Checked by the schema of the key',
  })
  @Allow()
  value!: unknown;
}
