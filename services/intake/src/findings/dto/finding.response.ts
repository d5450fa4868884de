import { ApiProperty } from '@nestjs/swagger';

const ID = '6f1c0d52-9a3b-8c41-b7de-0c5a1f2e3d4b';

export class ProblemResponse {
  @ApiProperty({ example: 'FINDING.PERSON_UNKNOWN' })
  code!: string;

  @ApiProperty({ example: '本区域登记信息中没有找到此人，已留存；登记信息更新后自动匹配' })
  text!: string;
}

export class FindingTakenResponse {
  @ApiProperty({ example: ID })
  findingId!: string;

  @ApiProperty({ type: 'integer', example: 1_099_511_627_777 })
  revision!: number;

  @ApiProperty({
    enum: ['accepted', 'updated', 'duplicate', 'unmatched'],
    description: '`unmatched`: kept, and matched by itself once the register knows the person',
  })
  outcome!: string;

  @ApiProperty({
    required: false,
    type: 'integer',
    example: 4711,
    description: 'Of a household in the caller’s area; left out once it has moved away',
  })
  householdId?: number;

  @ApiProperty({ type: [ProblemResponse] })
  problems!: readonly ProblemResponse[];
}

export class FindingResponse {
  @ApiProperty({ example: ID })
  id!: string;

  @ApiProperty({ type: 'integer', example: 1_099_511_627_777 })
  revision!: number;

  @ApiProperty({ example: 'health-insurance' })
  department!: string;

  @ApiProperty({ example: 'medical-spending' })
  kind!: string;

  @ApiProperty({ example: '高额医疗费用' })
  kindName!: string;

  @ApiProperty({ enum: ['raised', 'withdrawn'] })
  state!: string;

  @ApiProperty({ example: true, description: 'Whether a household is found' })
  matched!: boolean;

  @ApiProperty({
    required: false,
    type: 'integer',
    example: 4711,
    description: 'Of a household in the caller’s area; left out once it has moved away',
  })
  householdId?: number;

  @ApiProperty({ example: '2026-10-31' })
  occurredOn!: string;

  @ApiProperty({ example: '2026-01-01' })
  since!: string;

  @ApiProperty({ required: false, type: 'integer', example: 4_200_000 })
  spentFen?: number;

  @ApiProperty({ required: false, type: 'integer', example: 1_800_000 })
  refundedFen?: number;

  @ApiProperty({ required: false, type: 'integer', example: 12 })
  days?: number;

  @ApiProperty({ required: false, example: 'C' })
  houseGrade?: string;

  @ApiProperty({ required: false, example: true })
  ofEarner?: boolean;

  @ApiProperty({ required: false, example: ID, description: 'The batch of this revision, where it came in one' })
  batchId?: string;

  @ApiProperty({ required: false, example: '误报：报销尚未结算' })
  withdrawnReason?: string;

  @ApiProperty({ example: '2026-11-22T10:00:00+08:00' })
  createdAt!: string;

  @ApiProperty({ example: '2026-11-22T10:00:00+08:00' })
  updatedAt!: string;

  @ApiProperty({ type: [ProblemResponse] })
  problems!: readonly ProblemResponse[];
}
