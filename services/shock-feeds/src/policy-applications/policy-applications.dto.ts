import { shockKinds } from '@fangpin/contracts';
import { findRegionCode, isDay } from '@fangpin/domain-kit';
import { MayBeAbsent } from '@fangpin/service-kit';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsBoolean,
  IsIn,
  IsString,
  Matches,
  MaxLength,
  Validate,
  ValidatorConstraint,
  type ValidatorConstraintInterface,
} from 'class-validator';
import { lanes } from '../shocks/shock.js';

const kinds = shockKinds.map(({ kind }) => kind);
// NUL and other control characters cannot be stored; a text of blanks is none.
const TEXT = /^(?=.*\S)[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]+$/su;
const A_TEXT = { message: 'must be a text that is not empty' };

@ValidatorConstraint({ name: 'isDay' })
class IsDay implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return typeof value === 'string' && isDay(value);
  }

  defaultMessage(): string {
    return 'must be a day, YYYY-MM-DD';
  }
}

@ValidatorConstraint({ name: 'isRegionCode' })
class IsRegionCode implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return typeof value === 'string' && findRegionCode(value) !== undefined;
  }

  defaultMessage(): string {
    return 'must be a region code of 2, 4, 6, 9 or 12 digits';
  }
}

export class PolicyApplicationRequest {
  @ApiProperty({
    type: String,
    format: 'date',
    example: '2026-06-01',
    description: 'First day of judgement of the shocks',
  })
  @Validate(IsDay)
  since!: string;

  @ApiPropertyOptional({
    type: String,
    format: 'date',
    example: '2026-07-31',
    description: 'The last one; today when absent',
  })
  @MayBeAbsent()
  @Validate(IsDay)
  until?: string;

  @ApiPropertyOptional({ enum: kinds, isArray: true, example: ['hail'], description: 'All kinds when absent' })
  @MayBeAbsent()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(kinds.length)
  @IsIn(kinds, { each: true })
  kinds?: string[];

  @ApiPropertyOptional({
    type: String,
    example: '532327',
    description: "Shocks that lie in it as a whole; the caller's own when absent, and within it",
  })
  @MayBeAbsent()
  @Validate(IsRegionCode)
  region?: string;

  @ApiProperty({
    type: String,
    maxLength: 500,
    example: '冰雹作物损失率按县农业农村局调查结果下调',
    description: 'Why',
  })
  @IsString()
  @MaxLength(500)
  @Matches(TEXT, A_TEXT)
  reason!: string;

  @ApiProperty({
    type: String,
    maxLength: 200,
    example: '永乡振组〔2026〕14号',
    description: 'Number of the document that orders it',
  })
  @IsString()
  @MaxLength(200)
  @Matches(TEXT, A_TEXT)
  document!: string;

  @ApiPropertyOptional({ type: Boolean, description: 'Only says which shocks would be judged again' })
  @MayBeAbsent()
  @IsBoolean()
  dryRun?: boolean;
}

export class WouldJudgeResponse {
  @ApiProperty({ type: String, format: 'uuid' })
  shockId!: string;

  @ApiProperty({ enum: kinds })
  kind!: string;

  @ApiProperty({ type: String })
  headline!: string;

  @ApiProperty({ type: String, format: 'date' })
  judgedOn!: string;

  @ApiProperty({ type: String, description: 'Policy version that judged it' })
  fromVersion!: string;

  @ApiProperty({ enum: lanes })
  fromLane!: string;

  @ApiProperty({ enum: lanes })
  toLane!: string;
}

export class ApplicationAnswerResponse {
  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'Null of a dry run' })
  applicationId!: string | null;

  @ApiProperty({ type: String, description: 'The policy version loaded now' })
  toVersion!: string;

  @ApiProperty({ type: 'integer', example: 12, description: 'Shocks that are judged again' })
  shocks!: number;

  @ApiProperty({
    type: 'integer',
    example: 1,
    description: 'Shocks that touch the region and reach beyond it: for whoever answers for all of their area',
  })
  beyondRegion!: number;

  @ApiPropertyOptional({ type: [WouldJudgeResponse], description: 'Of a dry run; at most 200 are named' })
  wouldJudge?: WouldJudgeResponse[];
}

export class PolicyApplicationResponse {
  @ApiProperty({ type: String, format: 'uuid' })
  id!: string;

  @ApiProperty({
    enum: ['running', 'done'],
    description: 'Running until all shocks have their revision; a version that no process has waits for one',
  })
  state!: string;

  @ApiProperty({ type: String, format: 'date-time' })
  requestedAt!: string;

  @ApiProperty({ type: String, example: 'county-officer/officer-1', description: 'Role and account' })
  requestedBy!: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  endedAt!: string | null;

  @ApiProperty({ type: String, format: 'date' })
  since!: string;

  @ApiProperty({ type: String, format: 'date' })
  until!: string;

  @ApiProperty({ type: [String], nullable: true, description: 'Null: all kinds' })
  kinds!: string[] | null;

  @ApiProperty({ type: String })
  region!: string;

  @ApiProperty({ type: String })
  reason!: string;

  @ApiProperty({ type: String })
  document!: string;

  @ApiProperty({ type: String })
  toVersion!: string;

  @ApiProperty({ type: 'integer' })
  shocks!: number;

  @ApiProperty({ type: 'integer', description: 'Shocks that have their new revision' })
  judged!: number;

  @ApiProperty({
    type: 'integer',
    description: 'Shocks called off, merged or judged by the version before their turn came',
  })
  left!: number;
}

export class ApplicationShockResponse {
  @ApiProperty({ type: String, format: 'uuid' })
  shockId!: string;

  @ApiProperty({ enum: ['waiting', 'judged', 'left'] })
  state!: string;

  @ApiProperty({ type: String })
  fromVersion!: string;

  @ApiProperty({ enum: lanes })
  fromLane!: string;

  @ApiProperty({ enum: lanes })
  toLane!: string;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Revision of the shock that it made' })
  revision!: number | null;
}

export class PolicyApplicationPageResponse {
  @ApiProperty({ type: [PolicyApplicationResponse] })
  items!: PolicyApplicationResponse[];

  @ApiProperty({ type: String, nullable: true })
  nextCursor!: string | null;
}

export class PolicyApplicationDetailResponse extends PolicyApplicationResponse {
  @ApiProperty({ type: [ApplicationShockResponse] })
  items!: ApplicationShockResponse[];

  @ApiProperty({ type: String, nullable: true })
  nextCursor!: string | null;
}
