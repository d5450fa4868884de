import { ApiProperty } from '@nestjs/swagger';
import { answerWords } from '../../ledger/answer-words.js';
import type { FindingState } from '../decide-finding.rule.js';
import type { FindingReason } from '../finding-reasons.js';

export class FindingReasonResponse {
  @ApiProperty({ type: String, example: 'below-threshold' })
  code!: FindingReason;
  @ApiProperty({ example: '未达到当地提示标准' })
  text!: string;
}

export class FindingResponse {
  @ApiProperty({ format: 'uuid' })
  id!: string;
  @ApiProperty({ description: 'The highest revision heard', example: 1099511627777 })
  revision!: number;
  @ApiProperty({ example: 1204 })
  householdId!: number;
  @ApiProperty({ description: "Code of the household's village", example: '532327100201' })
  region!: string;
  @ApiProperty({ example: 'medical-spending' })
  kind!: string;
  @ApiProperty({ example: '高额医疗费用' })
  kindName!: string;
  @ApiProperty({ example: 'health-insurance' })
  department!: string;
  @ApiProperty({ type: String, nullable: true, description: 'Null where it came singly', example: null })
  batchId!: string | null;
  @ApiProperty({ description: 'Day at which policy and line were taken', example: '2026-07-31' })
  occurredOn!: string;
  @ApiProperty({
    enum: ['waiting', 'alerted', 'withheld', 'withdrawn'],
    description:
      'waiting: its household is not known yet, or has left, or no policy holds for its place and day; it is judged when that comes',
  })
  outcome!: FindingState;
  @ApiProperty({
    type: FindingReasonResponse,
    nullable: true,
    description: 'Why it waits or raised no alert; of one that is alerted, why its last revision is not judged yet',
  })
  reason!: FindingReasonResponse | null;
  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'The alert that it stands behind' })
  alertId!: string | null;
  @ApiProperty({ description: 'Policy by which it was last judged', example: '1f0c2ab3d4e5' })
  policyVersion!: string;
  @ApiProperty({ format: 'date-time' })
  heardAt!: string;
  @ApiProperty({ format: 'date-time', description: 'When its outcome was last decided' })
  decidedAt!: string;
}

export class FindingPage {
  @ApiProperty({ type: [FindingResponse] })
  items!: FindingResponse[];
  @ApiProperty({ type: String, nullable: true })
  nextCursor!: string | null;
}

export class FindingAlertResponse {
  @ApiProperty({ format: 'uuid', description: 'Explained under /v1/alerts/{id}' })
  id!: string;
  @ApiProperty({ enum: ['raised', 'withdrawn'] })
  status!: string;
  @ApiProperty({ description: '1 blue … 4 red', example: 3 })
  severity!: number;
  @ApiProperty({ description: 'Whether the bus has acknowledged it', example: true })
  published!: boolean;
  @ApiProperty({
    type: String,
    nullable: true,
    enum: Object.values(answerWords),
    description: 'What assistance-cases made of it; null until it has answered',
    example: 'listed',
  })
  answer!: string | null;
  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'The case opened by it or attached to' })
  caseId!: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'Where that case stands, once a step was taken' })
  caseState!: string | null;
}

export class SettledFindingResponse extends FindingResponse {
  @ApiProperty({
    type: [FindingAlertResponse],
    description: 'Alerts that it raised; more than one where the department corrected household or kind',
  })
  alerts!: FindingAlertResponse[];
}

export class FindingReasonCount extends FindingReasonResponse {
  @ApiProperty({ example: 812 })
  findings!: number;
}

/** findings = exposed + waiting + withdrawn; exposed = alerted + withheld. */
export class FindingSummary {
  @ApiProperty({ example: 4321 })
  findings!: number;
  @ApiProperty({ description: 'Findings that were judged and stand', example: 4200 })
  exposed!: number;
  @ApiProperty({ example: 3300 })
  alerted!: number;
  @ApiProperty({ example: 900 })
  withheld!: number;
  @ApiProperty({ description: 'Their household is not known yet, or has left', example: 101 })
  waiting!: number;
  @ApiProperty({ description: 'Taken back by the department', example: 20 })
  withdrawn!: number;
  @ApiProperty({ type: [FindingReasonCount], description: 'Of the withheld and the waiting' })
  reasons!: FindingReasonCount[];
  @ApiProperty({ format: 'date-time' })
  asOf!: string;
}
