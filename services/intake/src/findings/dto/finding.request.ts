import { ApiProperty } from '@nestjs/swagger';
import { findingKinds } from '@fangpin/contracts';

const kinds = findingKinds.map(({ key }) => key);

/** For the document; what holds of it is checked in read-finding.ts. */
export class FindingRequest {
  @ApiProperty({
    required: false,
    writeOnly: true,
    example: '11010519491231002X',
    description:
      '公民身份号码, or a disability certificate number that begins with it. Hashed under a key at the door; never stored, logged or ' +
      'told back. One of `idNumber` and `householdId`',
  })
  idNumber?: string;

  @ApiProperty({ required: false, type: 'integer', example: 4711, description: 'Id of the household in the register' })
  householdId?: number;

  @ApiProperty({ enum: kinds, example: 'medical-spending', description: 'A kind that the department pushes' })
  kind!: string;

  @ApiProperty({
    example: '2026-10-31',
    description: 'Day of the event, or the last day that a cumulative amount covers (Asia/Shanghai); not in the future',
  })
  occurredOn!: string;

  @ApiProperty({
    required: false,
    example: '2026-01-01',
    description:
      'First day of what it is about: the year that amounts are cumulative in, the first day of absence. With department and area of the account, ' +
      'person and kind it is the identity: what comes again with it is the same finding. Of what has come back (absent again, without water again) ' +
      'it is the day on which it did: the household is visited again. `occurredOn` where left out; ' +
      'required with cumulative amounts. With amounts at most a year before `occurredOn` (366 days, both counted, by policy of the place): they are set beside ' +
      'the income of a year',
  })
  since?: string;

  @ApiProperty({
    required: false,
    type: 'integer',
    example: 4_200_000,
    description: 'Spent since `since`, before refunds, fen',
  })
  spentFen?: number;

  @ApiProperty({
    required: false,
    type: 'integer',
    example: 1_800_000,
    description: 'Refunds and aid, fen; at most spentFen',
  })
  refundedFen?: number;

  @ApiProperty({ required: false, example: false, description: 'It is a main earner (accident, crime, disability)' })
  ofEarner?: boolean;

  @ApiProperty({
    required: false,
    type: 'integer',
    example: 12,
    minimum: 1,
    description:
      'Days absent from school, or without water; no more than from `since` to `occurredOn`, where `since` is given. Left out where nobody has counted them: an absence counts as a drop-out then. A child who is back, ' +
      'or water that runs again, takes the finding back',
  })
  days?: number;

  @ApiProperty({ required: false, enum: ['A', 'B', 'C', 'D'], description: '危房等级, for unsafe houses' })
  houseGrade?: string;
}

export class WithdrawRequest {
  @ApiProperty({ example: '误报：报销尚未结算', minLength: 1, maxLength: 200, description: 'Why; names nobody' })
  reason!: string;
}
