/** What an officer is told of policies applied backwards. */
import { shockKinds } from '@fangpin/contracts';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { lanes } from '../shocks/shock.js';
import { changeNames } from './changes.rule.js';

const kinds = shockKinds.map(({ kind }) => kind);
const CHANGES = 'What comes out otherwise than before; empty where only the version is new';

export class ApplicationProblemResponse {
  @ApiProperty({ type: String, example: 'APPLICATION.SHOCK_NOT_JUDGED' })
  code!: string;

  @ApiProperty({ type: String, example: '按现行政策研判失败，已搁置，正在自动重试，其余照常进行' })
  text!: string;

  @ApiPropertyOptional({ type: String, description: 'What the judging failed with' })
  error?: string;

  @ApiPropertyOptional({ type: 'integer', example: 3 })
  attempts?: number;

  @ApiPropertyOptional({ type: String, format: 'date-time' })
  nextTryAt?: string;
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

  @ApiProperty({ enum: changeNames, isArray: true, description: CHANGES })
  changes!: string[];

  @ApiProperty({
    type: [ApplicationProblemResponse],
    description: 'Why it cannot be judged, or what of it stays as it was',
  })
  problems!: ApplicationProblemResponse[];
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

  @ApiProperty({
    type: [ApplicationProblemResponse],
    description:
      'Why there is nothing to judge again (`shocks` 0): judged by the version loaded now already, only recorded by both, beyond the region, or none there',
    example: [
      {
        code: 'APPLICATION.NO_SHOCKS',
        text: '没有要重新研判的：所选日期、种类和地区内没有发布过的灾害信息',
      },
    ],
  })
  problems!: ApplicationProblemResponse[];

  @ApiPropertyOptional({ type: [WouldJudgeResponse], description: 'Of a dry run; at most 200 are named' })
  wouldJudge?: WouldJudgeResponse[];
}

export class PolicyApplicationResponse {
  @ApiProperty({ type: String, format: 'uuid' })
  id!: string;

  @ApiProperty({
    enum: ['running', 'done', 'lapsed'],
    description:
      'Running until all shocks have their revision, parked ones too; lapsed: no process has had its version for ten minutes, and what it has not judged stays as it was. Ask again under the present one',
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
    description:
      'Shocks called off, merged or judged by the version before their turn came, or that now reach beyond the region',
  })
  left!: number;

  @ApiProperty({
    type: 'integer',
    description: 'Shocks whose judging fails; each is tried again after a while, and holds up no other',
  })
  parked!: number;
}

export class ApplicationShockResponse {
  @ApiProperty({ type: String, format: 'uuid' })
  shockId!: string;

  @ApiProperty({ enum: ['waiting', 'judged', 'left', 'parked'] })
  state!: string;

  @ApiProperty({ type: String })
  fromVersion!: string;

  @ApiProperty({ enum: lanes })
  fromLane!: string;

  @ApiProperty({ enum: lanes })
  toLane!: string;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Revision of the shock that it made' })
  revision!: number | null;

  @ApiProperty({ enum: changeNames, isArray: true, description: CHANGES })
  changes!: string[];

  @ApiProperty({ type: [ApplicationProblemResponse], description: 'Why it is parked, or what of it stays as it was' })
  problems!: ApplicationProblemResponse[];
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
