import { lanes } from '../shocks/shock.js';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { outcomes } from './answer.js';

export class ProblemResponse {
  @ApiProperty({ description: 'Stable code, for example CAP.EXPIRY_ASSUMED', type: String })
  code!: string;

  @ApiProperty({ description: 'What was repaired, assumed or refused, in Chinese', type: String })
  text!: string;
}

export class IntakeResponse {
  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'Null while quarantined' })
  shockId!: string | null;

  @ApiProperty({ enum: outcomes })
  outcome!: string;

  @ApiProperty({ enum: lanes, nullable: true, description: 'Null while quarantined' })
  lane!: string | null;

  @ApiProperty({ type: [ProblemResponse] })
  problems!: ProblemResponse[];

  @ApiPropertyOptional({ type: String, description: 'Under which it is released or dropped' })
  quarantineId?: string;
}
