/** What an officer is told of policies applied backwards to findings. */
import { findingKinds } from '@fangpin/contracts';
import { ApiProperty } from '@nestjs/swagger';

const kinds = findingKinds.map(({ key }) => key);

class Counts {
  @ApiProperty({ type: 'integer', example: 412, description: 'Findings judged by the version' })
  judged!: number;

  @ApiProperty({
    type: 'integer',
    example: 9,
    description: 'Those with a new revision of their alert: raised, or in another colour',
  })
  raised!: number;

  @ApiProperty({ type: 'integer', example: 31, description: 'Those whose alert is taken back' })
  withdrawn!: number;
}

export class WouldJudgeFindings extends Counts {
  @ApiProperty({ type: Boolean, description: 'False where there are more: the first 20,000 were looked at' })
  complete!: boolean;
}

export class FindingApplicationAnswer {
  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'Null of a dry run' })
  applicationId!: string | null;

  @ApiProperty({ type: String, description: 'The policy version loaded now' })
  toVersion!: string;

  @ApiProperty({ type: WouldJudgeFindings, nullable: true, description: 'Of a dry run' })
  wouldJudge!: WouldJudgeFindings | null;
}

export class FindingApplicationResponse extends Counts {
  @ApiProperty({ type: String, format: 'uuid' })
  id!: string;

  @ApiProperty({
    enum: ['running', 'done', 'lapsed'],
    description:
      'Running until all findings are judged; lapsed: no process has had its version for ten minutes, and what it has not judged stays as it was. Ask again under the present one',
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

  @ApiProperty({ enum: kinds, isArray: true, nullable: true, description: 'Null: all kinds' })
  kinds!: string[] | null;

  @ApiProperty({ type: String })
  region!: string;

  @ApiProperty({ type: String })
  reason!: string;

  @ApiProperty({ type: String })
  document!: string;

  @ApiProperty({ type: String })
  toVersion!: string;

  @ApiProperty({ type: 'integer', description: 'Findings that could not be judged: they stay as they were' })
  failed!: number;

  @ApiProperty({ type: String, nullable: true, description: 'What the last of them failed with' })
  lastError!: string | null;
}

export class FindingApplicationPage {
  @ApiProperty({ type: [FindingApplicationResponse] })
  items!: FindingApplicationResponse[];

  @ApiProperty({ type: String, nullable: true })
  nextCursor!: string | null;
}
