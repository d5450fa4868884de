import { ApiProperty } from '@nestjs/swagger';

const ID = '0f8fad5b-d9cb-469f-a165-70867728950e';

export class BatchTakenResponse {
  @ApiProperty({ example: ID })
  batchId!: string;
}

export class BatchResponse {
  @ApiProperty({ example: ID })
  id!: string;

  @ApiProperty({ example: 'health-insurance' })
  department!: string;

  @ApiProperty({ enum: ['queued', 'working', 'done', 'withdrawing', 'withdrawn'] })
  state!: string;

  @ApiProperty({ type: 'integer', example: 1_204, description: 'Rows of the sheet' })
  rows!: number;

  @ApiProperty({
    type: 'integer',
    example: 1_150,
    description: 'Rows whose household was found when they were worked off',
  })
  matched!: number;

  @ApiProperty({
    type: 'integer',
    example: 41,
    description: 'Rows of nobody known then; kept, and matched by themselves once the register knows the person',
  })
  unmatched!: number;

  @ApiProperty({ type: 'integer', example: 13, description: 'Rows that break rules; see errors' })
  rejected!: number;

  @ApiProperty({
    type: 'integer',
    example: 1_098,
    description: 'Findings that it raised or changed; the rest said nothing new',
  })
  findings!: number;

  @ApiProperty({
    type: 'integer',
    example: 0,
    description:
      'Rows that changed nothing because the same finding stood with a later `occurredOn`, or a later word of the same day. They are kept, and count where a ' +
      'later batch is taken back; a day that was wrong is put right by taking the finding back and pushing it again',
  })
  overtaken!: number;

  @ApiProperty({ required: false, example: '取数口径有误，整批撤回' })
  withdrawnReason?: string;

  @ApiProperty({ example: '2026-11-22T10:00:00+08:00' })
  receivedAt!: string;

  @ApiProperty({ required: false, example: '2026-11-22T10:00:09+08:00' })
  finishedAt?: string;
}

export class BatchErrorResponse {
  @ApiProperty({
    type: 'integer',
    example: 17,
    description: 'From 1; the header of a CSV does not count, a line of NDJSON does',
  })
  row!: number;

  @ApiProperty({ example: 'idNumber', description: 'Empty where the row cannot be read at all' })
  column!: string;

  @ApiProperty({ example: 'ROW.INVALID_VALUE' })
  code!: string;

  @ApiProperty({ example: 'must be an ID number of 18 characters with its check digit' })
  message!: string;
}

export class BatchErrorPage {
  @ApiProperty({ type: [BatchErrorResponse] })
  items!: readonly BatchErrorResponse[];

  @ApiProperty({ type: String, nullable: true, example: null })
  nextCursor!: string | null;
}
