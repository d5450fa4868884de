import { ApiProperty } from '@nestjs/swagger';

export class ReconciliationFinding {
  @ApiProperty({ format: 'uuid' })
  shockId!: string;
  @ApiProperty({ example: 'crop-disaster' })
  cause!: string;
  @ApiProperty({ example: '532327101' })
  region!: string;
  @ApiProperty({ enum: ['answers-lost', 'alerts-lost', 'never-alerted', 'still-differs', 'no-reply'] })
  kind!: string;
  @ApiProperty({ enum: ['mended', 'alarm'] })
  state!: string;
  @ApiProperty({ example: '有答复在传送中丢失，已重新取回' })
  text!: string;
  @ApiProperty({ example: 3 })
  households!: number;
  @ApiProperty({ description: 'Some of the households', isArray: true, type: Number, example: [1204] })
  sample!: number[];
}

export class ReconciliationResponse {
  @ApiProperty({ example: 12 })
  id!: number;
  @ApiProperty({ enum: ['running', 'closed'] })
  state!: string;
  @ApiProperty({ type: String, nullable: true, description: 'Who asked for it; null for the daily one' })
  askedBy!: string | null;
  @ApiProperty({ format: 'date-time' })
  startedAt!: string;
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  closedAt!: string | null;
  @ApiProperty({ description: 'Townships of shocks compared, within the caller’s area', example: 77 })
  compared!: number;
  @ApiProperty({ example: 75 })
  agreed!: number;
  @ApiProperty({ example: 2 })
  mended!: number;
  @ApiProperty({ example: 0 })
  alarms!: number;
  @ApiProperty({ type: [ReconciliationFinding], description: 'The first hundred' })
  findings!: ReconciliationFinding[];
}

export class ReconciliationPage {
  @ApiProperty({ type: [ReconciliationResponse] })
  items!: ReconciliationResponse[];
  @ApiProperty({ type: String, nullable: true })
  nextCursor!: string | null;
}
