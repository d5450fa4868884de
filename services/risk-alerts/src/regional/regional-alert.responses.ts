import { ApiProperty } from '@nestjs/swagger';
import { areaLevels } from './areas.js';
import { AreasBelow, RegionalCarriers, RegionalLimit } from './areas-below.responses.js';

export class WarningSubject {
  @ApiProperty({ description: 'Product code, credit code of an employer, or water scheme', example: '100' })
  code!: string;
  @ApiProperty({ type: String, nullable: true, example: '生猪' })
  name!: string | null;
}

export class RegionalAlertResponse {
  @ApiProperty({ example: '532327101.product.100' })
  id!: string;
  @ApiProperty({ example: '532327101' })
  region!: string;
  @ApiProperty({ example: '永定镇' })
  name!: string;
  @ApiProperty({ enum: areaLevels })
  level!: string;
  @ApiProperty({ enum: ['share', 'cluster', 'product', 'employer', 'scheme'], example: 'product' })
  rule!: string;
  @ApiProperty({ type: WarningSubject, nullable: true, description: 'Null for the rules share and cluster' })
  subject!: WarningSubject | null;
  @ApiProperty({ enum: ['open', 'eased', 'ended'] })
  state!: string;
  @ApiProperty({
    enum: ['recalled', 'passed'],
    nullable: true,
    description:
      'Of one that has ended. recalled: by the alerts that were not taken back it would never have opened; it ended at once. passed: it eased and stayed so',
  })
  endedWhy!: string | null;
  @ApiProperty({ format: 'date-time' })
  openedAt!: string;
  @ApiProperty({ format: 'date-time', description: 'When it came into this state' })
  since!: string;
  @ApiProperty({ description: 'Distinct households at risk by the rule', example: 420 })
  households!: number;
  @ApiProperty({ description: 'Active households of the area', example: 3200 })
  ofHouseholds!: number;
  @ApiProperty({ description: 'households ÷ ofHouseholds', example: 0.1313 })
  share!: number;
  @ApiProperty({ description: 'Areas one level below with the same warning open', example: 4 })
  struckParts!: number;
  @ApiProperty({
    description: 'Areas one level below in which anybody lives, as far as they are held here',
    example: 12,
  })
  parts!: number;
  @ApiProperty({ example: 3 })
  revision!: number;
  @ApiProperty({ format: 'date-time', description: 'When these figures were counted' })
  asOf!: string;
}

export class RegionalAlertPage {
  @ApiProperty({ type: [RegionalAlertResponse] })
  items!: RegionalAlertResponse[];
  @ApiProperty({ type: String, nullable: true })
  nextCursor!: string | null;
}

export class RegionalAlertMember {
  @ApiProperty({ example: 1204 })
  householdId!: number;
  @ApiProperty({ description: "Code of the household's village", example: '532327101201' })
  region!: string;
  @ApiProperty({ description: 'The worst of its alerts that count, 1 blue … 4 red', example: 3 })
  severity!: number;
}

export class RegionalAlertMemberPage {
  @ApiProperty({ type: [RegionalAlertMember] })
  items!: RegionalAlertMember[];
  @ApiProperty({ type: String, nullable: true })
  nextCursor!: string | null;
}

export class RegionalPolicyRecord {
  @ApiProperty({ example: 'regional-warning.product/00/2020-01-01' })
  recordId!: string;
  @ApiProperty({ example: 'no published value' })
  document!: string;
  @ApiProperty({ example: 'unsourced' })
  grade!: string;
  @ApiProperty({ example: true })
  assumed!: boolean;
}

export class RegionalExplanation {
  @ApiProperty({ type: RegionalLimit })
  households!: RegionalLimit;
  @ApiProperty({ type: RegionalLimit, nullable: true, description: 'Null for a village' })
  parts!: RegionalLimit | null;
  @ApiProperty({
    type: RegionalCarriers,
    nullable: true,
    description: 'Of a prefecture or province; null below: one county alone is warned of as a county',
  })
  carriedBy!: RegionalCarriers | null;
  @ApiProperty({ example: 90 })
  withinDays!: number;
  @ApiProperty({ example: 30 })
  endAfterDays!: number;
  @ApiProperty({ example: '1f0c2ab3d4e5' })
  policyVersion!: string;
  @ApiProperty({ type: RegionalPolicyRecord })
  policy!: RegionalPolicyRecord;
  @ApiProperty({
    example: '近90天内，永定镇3200户中有420户因生猪被提示风险，占13.1%，达到乡镇预警线（160户以上）。',
  })
  text!: string;
}

export class RegionalAlertRevision {
  @ApiProperty({ example: 2 })
  revision!: number;
  @ApiProperty({ enum: ['open', 'eased', 'ended'] })
  state!: string;
  @ApiProperty({ example: 400 })
  households!: number;
  @ApiProperty({ example: 3200 })
  ofHouseholds!: number;
  @ApiProperty({ format: 'date-time' })
  asOf!: string;
}

export class ExplainedRegionalAlert extends RegionalAlertResponse {
  @ApiProperty({ type: RegionalExplanation })
  explanation!: RegionalExplanation;
  @ApiProperty({
    type: AreasBelow,
    nullable: true,
    description: 'Of a prefecture or province: which areas below carry it. Null for a village, township or county',
  })
  below!: AreasBelow | null;
  @ApiProperty({ type: [RegionalAlertRevision], description: 'The last fifty, latest first' })
  history!: RegionalAlertRevision[];
  @ApiProperty({
    type: RegionalAlertMemberPage,
    description: 'Households that count now, within the caller’s area; of a prefecture or province county by county',
  })
  members!: RegionalAlertMemberPage;
}
