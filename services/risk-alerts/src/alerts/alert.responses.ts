import { ApiProperty } from '@nestjs/swagger';
import type { FindingExplanation } from '../findings/explain-finding.js';
import type { JointExplanation } from '../joint/explain-joint.js';
import type { Explanation } from './explanation.js';

export class AlertResponse {
  @ApiProperty({
    format: 'uuid',
    description: 'Derived from the shock or finding, its cause and the household; of a joint alert from the household',
  })
  id!: string;
  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'Null where a finding raised it, or several causes together',
  })
  shockId!: string | null;
  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'Null where a shock raised it, or several causes together',
  })
  findingId!: string | null;
  @ApiProperty({
    description: '`several`: all standing causes of the household together are worse than each of them',
    example: 'crop-disaster',
  })
  cause!: string;
  @ApiProperty({ example: 1204 })
  householdId!: number;
  @ApiProperty({ description: "Code of the household's village", example: '532327100201' })
  region!: string;
  @ApiProperty({ enum: ['raised', 'withdrawn'] })
  status!: string;
  @ApiProperty({ description: '1 blue … 4 red', example: 3 })
  severity!: number;
  @ApiProperty({ example: '橙色' })
  severityName!: string;
  @ApiProperty({ isArray: true, type: String, example: ['incomeNearLine', 'noLabour'] })
  reasons!: string[];
  @ApiProperty({ example: 4 })
  persons!: number;
  @ApiProperty({ description: 'Middle estimate of the loss over twelve months, fen', example: 123400 })
  lossFen!: number;
  @ApiProperty({ type: Number, nullable: true, description: 'Projected income per head, fen', example: 912300 })
  projectedPerCapitaFen!: number | null;
  @ApiProperty({ example: 72057594037927940 })
  revision!: number;
}

export class AlertPage {
  @ApiProperty({ type: [AlertResponse] })
  items!: AlertResponse[];
  @ApiProperty({ type: String, nullable: true })
  nextCursor!: string | null;
}

export class ExplainedAlertResponse extends AlertResponse {
  @ApiProperty({
    type: Object,
    description:
      'inputs, steps, policy (version and records with source and value) and one Chinese paragraph `text`, which ends with the withdrawal where there was one',
  })
  explanation!: Explanation | FindingExplanation | JointExplanation;
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Where the case stands, once a step was taken',
    example: 'dismissed',
  })
  caseState!: string | null;
}
