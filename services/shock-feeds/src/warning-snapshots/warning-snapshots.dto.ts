import { ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import { ProblemResponse } from '../intake/intake.response.js';

export class ListedWarningRequest {
  @ApiProperty({ type: String, example: '暴雨', description: 'The kind in words' })
  type!: string;

  @ApiProperty({ type: String, example: '红色', description: 'Decides the level, before `level`' })
  color!: string;

  @ApiProperty({ type: String, example: 'Ⅰ' })
  level!: string;

  @ApiProperty({ type: String, format: 'date-time', example: '2026-07-18T10:28:37Z' })
  issued!: string;

  @ApiPropertyOptional({
    type: String,
    format: 'date-time',
    example: '2026-07-18T22:28:42Z',
    description: 'Left out, the life of the policy `notice-expiry-hours` counts, as long as it is listed',
  })
  expires?: string;

  @ApiProperty({ type: String, example: '永仁县' })
  name!: string;
}

export class WarningSnapshotRequest {
  @ApiProperty({
    type: String,
    format: 'date-time',
    example: '2026-07-18T11:14:52Z',
    description: 'The moment of which the list speaks',
  })
  updated!: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'array', items: { $ref: getSchemaPath(ListedWarningRequest) } },
    description: 'All warnings now in force, by county code',
    example: {
      '532327': [
        {
          type: '暴雨',
          color: '红色',
          level: 'Ⅰ',
          issued: '2026-07-18T10:28:37Z',
          expires: '2026-07-18T22:28:42Z',
          name: '永仁县',
        },
      ],
    },
  })
  warnings!: Record<string, ListedWarningRequest[]>;
}

export class WarningSnapshotResponse {
  @ApiProperty({ type: 'integer', description: 'In this list, not in the last' })
  new!: number;

  @ApiProperty({ type: 'integer', description: 'In both, with the same colour and time of issue' })
  kept!: number;

  @ApiProperty({ type: 'integer', description: 'In both, with another colour or time of issue' })
  replaced!: number;

  @ApiProperty({ type: 'integer', description: 'In the last list, not in this' })
  ended!: number;

  @ApiProperty({
    type: Boolean,
    description: 'Not believed: older than the last, or nine tenths smaller; counts are 0',
  })
  heldBack!: boolean;

  @ApiProperty({ type: [ProblemResponse] })
  problems!: ProblemResponse[];
}
