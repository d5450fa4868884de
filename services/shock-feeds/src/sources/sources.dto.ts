import { ApiProperty } from '@nestjs/swagger';
import { channels, polledFormats } from './channels.js';
import { pollOutcomes } from './polling/poll-source.js';
import { sourceStates } from './source-standing.js';

export class SourceErrorResponse {
  @ApiProperty({
    type: String,
    example: 'SOURCE.TIMEOUT',
    description: 'Stable code; of a refused document that of its intake',
  })
  code!: string;

  @ApiProperty({ type: String, example: '30 秒内未取得内容' })
  text!: string;

  @ApiProperty({ type: String, format: 'date-time' })
  at!: string;
}

export class SourceResponse {
  @ApiProperty({ type: String, example: 'county-snapshot', description: 'As declared, or account and intake' })
  name!: string;

  @ApiProperty({ enum: ['pushed', 'polled'] })
  mode!: string;

  @ApiProperty({ enum: [...new Set([...polledFormats, ...channels])] })
  format!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    example: 'department-client/weather-relay',
    description: 'Who pushes it',
  })
  account!: string | null;

  @ApiProperty({ enum: sourceStates, description: 'off: declared and switched off, or no longer declared' })
  state!: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Its last word; an unchanged document is none',
  })
  lastHeardAt!: string | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Its habit; null as long as it is not known' })
  usualGapMinutes!: number | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Silent after this; null: its silence is not reported' })
  silentAfterMinutes!: number | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'Since when it counts as silent' })
  silentSince!: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'The other side answered, with news or without',
  })
  lastFetchedAt!: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  lastTakenAt!: string | null;

  @ApiProperty({ type: SourceErrorResponse, nullable: true, description: 'Of the last round; null after a good one' })
  lastError!: SourceErrorResponse | null;

  @ApiProperty({ type: 'integer', description: 'Rounds in a row that failed' })
  failures!: number;

  @ApiProperty({ enum: ['closed', 'open', 'half-open'], nullable: true, type: String })
  circuit!: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  nextPollAt!: string | null;

  @ApiProperty({ type: 'integer', description: 'Documents kept that could not be taken' })
  refusals!: number;
}

export class SourcePageResponse {
  @ApiProperty({ type: [SourceResponse] })
  items!: SourceResponse[];

  @ApiProperty({ type: String, nullable: true })
  nextCursor!: string | null;
}

export class PolledSourceResponse extends SourceResponse {
  @ApiProperty({ enum: pollOutcomes, description: 'Of this round; `unchanged`: fetched, and nothing new' })
  outcome!: string;
}

export class RefusalResponse {
  @ApiProperty({ type: String })
  id!: string;

  @ApiProperty({ type: String, format: 'date-time' })
  firstAt!: string;

  @ApiProperty({ type: String, format: 'date-time' })
  lastAt!: string;

  @ApiProperty({ type: 'integer', description: 'How often the same document was refused' })
  times!: number;

  @ApiProperty({ type: String, example: 'CAP.UNREADABLE' })
  code!: string;

  @ApiProperty({ type: String })
  detail!: string;

  @ApiProperty({ type: String, nullable: true })
  contentType!: string | null;

  @ApiProperty({ type: 'integer' })
  sizeBytes!: number;

  @ApiProperty({ type: String, format: 'byte', description: 'Its first 4 KiB' })
  contentBase64!: string;
}

export class RefusalsResponse {
  @ApiProperty({ type: [RefusalResponse] })
  items!: RefusalResponse[];
}
