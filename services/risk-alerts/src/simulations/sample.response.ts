/** What simulations name one by one: households drawn as examples, and policy records that differ. */
import type { PolicyDifference } from '@fangpin/policy';
import { ApiProperty } from '@nestjs/swagger';
import type { Explanation } from '../alerts/explanation.js';
import type { TriageStep } from './figures.js';
import { householdTypes, type HouseholdType } from './household-type.js';
import type { SampledHousehold } from './sample.js';

export class SampledHouseholdResponse implements SampledHousehold {
  @ApiProperty({ example: 1204 })
  householdId!: number;
  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'Null for a made-up shock' })
  shockId!: string | null;
  @ApiProperty({ description: 'The village', example: '532327101201' })
  region!: string;
  @ApiProperty({
    enum: householdTypes,
    description: 'monitored 监测对象, removed 风险消除, lifted-out 脱贫户, ordinary 一般农户, unknown',
  })
  type!: HouseholdType;
  @ApiProperty({ description: '1 blue to 4 red', example: 4 })
  severity!: number;
  @ApiProperty({ example: '红色' })
  severityName!: string;
  @ApiProperty({ type: [String], description: 'Reasons that an alert of it would name', example: ['incomeNearLine'] })
  reasons!: string[];
  @ApiProperty({ example: 4 })
  persons!: number;
  @ApiProperty({ description: 'The middle of its loss over twelve months, fen', example: 412_000 })
  lossFen!: number;
  @ApiProperty({
    type: Number,
    nullable: true,
    description: 'Income per head and year after the loss, fen; null where it is not known, or was not asked for',
    example: 768_000,
  })
  projectedPerCapitaFen!: number | null;
  @ApiProperty({ enum: ['case', 'check-item', 'nothing'], description: 'What triage would make of the alert' })
  triage!: TriageStep;
  @ApiProperty({
    type: Object,
    description: 'Inputs, steps, policy records and text, as `GET /v1/alerts/{id}` gives them',
  })
  explanation!: Explanation;
}

export class PolicyDifferenceResponse implements PolicyDifference {
  @ApiProperty({ example: 'triage/00/1970-01-01' })
  recordId!: string;
  @ApiProperty({ example: 'triage' })
  key!: string;
  @ApiProperty({ type: String, nullable: true, description: 'Product, kind …, for keys that have some', example: null })
  subject!: string | null;
  @ApiProperty({ type: String, description: 'Where the record holds', example: '00' })
  region!: PolicyDifference['region'];
  @ApiProperty({ description: 'From which day', example: '1970-01-01' })
  from!: string;
  @ApiProperty({
    type: Object,
    nullable: true,
    description:
      'What held in the place from that day on, by a record of its own or of the area around it; null where nothing did',
    example: { alertFrom: 1, caseFrom: 4 },
  })
  before!: unknown;
  @ApiProperty({
    type: Object,
    nullable: true,
    description: 'The same under the other policy',
    example: { alertFrom: 2, caseFrom: 3 },
  })
  after!: unknown;
}
