import { NamesNobody } from '@fangpin/service-kit';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsBoolean,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
} from 'class-validator';
import { ProblemResponse } from '../intake/intake.response.js';

export class ReleaseRequest {
  @ApiPropertyOptional({ type: [String], description: 'The area that the message meant; region codes' })
  @IsOptional()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(1_000)
  @IsString({ each: true })
  regions?: string[];

  @ApiPropertyOptional({ type: Boolean, description: 'True: the message is put aside for good' })
  @IsOptional()
  @IsBoolean()
  drop?: boolean;

  @ApiPropertyOptional({ type: String, maxLength: 500 })
  @IsOptional()
  @IsString()
  @MaxLength(500)
  @Matches(/^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]*$/su, { message: 'must hold no control characters' })
  @NamesNobody()
  reason?: string;
}

export class QuarantinedResponse {
  @ApiProperty({ type: String })
  id!: string;

  @ApiProperty({ type: String, format: 'date-time' })
  receivedAt!: string;

  @ApiProperty({ type: String })
  identifier!: string;

  @ApiProperty({ type: String })
  sender!: string;

  @ApiProperty({ type: String })
  headline!: string;

  @ApiProperty({ type: [ProblemResponse] })
  problems!: ProblemResponse[];
}

export class QuarantinePageResponse {
  @ApiProperty({ type: [QuarantinedResponse] })
  items!: QuarantinedResponse[];

  @ApiProperty({ type: String, nullable: true })
  nextCursor!: string | null;
}

export class ReleaseResponse {
  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  shockId!: string | null;

  @ApiProperty({ enum: ['accepted', 'updated', 'cancelled', 'recorded', 'dropped'] })
  outcome!: string;

  @ApiProperty({ type: String, nullable: true })
  lane!: string | null;

  @ApiProperty({ type: [ProblemResponse] })
  problems!: ProblemResponse[];
}
