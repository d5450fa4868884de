import { ApiProperty } from '@nestjs/swagger';
import { lanes, shockEnds } from '../shocks/shock.js';

export const timelineWords = ['began', 'updated', 'cancelled', 'lifted', 'ended', 'hit', 'not-hit'] as const;

export class TimelineEntryResponse {
  @ApiProperty({ type: String, format: 'date-time', description: "By the shock's own time" })
  at!: string;

  @ApiProperty({ enum: timelineWords })
  what!: string;

  @ApiProperty({ type: String, format: 'uuid' })
  shockId!: string;

  @ApiProperty({ type: String, example: 'rainstorm' })
  kind!: string;

  @ApiProperty({ enum: ['blue', 'yellow', 'orange', 'red', 'unknown'] })
  level!: string;

  @ApiProperty({ type: Boolean, description: 'True for what has happened, false for a forecast' })
  observed!: boolean;

  @ApiProperty({ enum: lanes })
  lane!: string;

  @ApiProperty({ type: String, example: '永仁县气象台发布暴雨红色预警信号' })
  headline!: string;

  @ApiProperty({ type: [String], example: ['532327'] })
  regions!: string[];

  @ApiProperty({ enum: shockEnds, nullable: true })
  endedBy!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Of an answer 受灾 (hit) or 未受灾 (not-hit)' })
  village!: string | null;
}

export class TimelineDayResponse {
  @ApiProperty({ type: String, format: 'date', description: 'Of Beijing time' })
  day!: string;

  @ApiProperty({ type: [TimelineEntryResponse] })
  entries!: TimelineEntryResponse[];
}

export class TimelinePageResponse {
  @ApiProperty({ type: [TimelineDayResponse] })
  items!: TimelineDayResponse[];

  @ApiProperty({ type: String, nullable: true })
  nextCursor!: string | null;
}
