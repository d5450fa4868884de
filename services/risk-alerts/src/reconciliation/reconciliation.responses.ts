import { ApiProperty } from '@nestjs/swagger';

export class ReconciliationFinding {
  @ApiProperty({
    enum: ['answers', 'finding-answers', 'joint-answers', 'households', 'assessments', 'judgements'],
    description:
      'What differed: answers of assistance-cases to alerts of a shock, of findings, or to joint alerts, the exposure with the register (households) or with the income ledger (assessments), or whom a shock touches with who was judged (judgements)',
  })
  subject!: string;
  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'Of answers to a shock, and of judgements; else null',
  })
  shockId!: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'crop-disaster' })
  cause!: string | null;
  @ApiProperty({
    description: 'The township; of an owner that was asked for all its townships and is silent, the whole area',
    example: '532327101',
  })
  region!: string;
  @ApiProperty({
    enum: [
      'answers-lost',
      'alerts-lost',
      'checks-lost',
      'never-alerted',
      'exposure-lost',
      'exposure-differs',
      'unknown-to-owner',
      'still-differs',
      'no-reply',
      'never-judged',
      'not-compared',
    ],
  })
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

export class ExposureFigures {
  @ApiProperty({
    description: 'Townships compared, once with the register and once with the income ledger',
    example: 14,
  })
  compared!: number;
  @ApiProperty({ example: 13 })
  agreed!: number;
  @ApiProperty({ example: 1 })
  mended!: number;
  @ApiProperty({ example: 0 })
  alarms!: number;
  @ApiProperty({ description: 'Households that the exposure holds there, with those that have left', example: 99749 })
  households!: number;
  @ApiProperty({ description: 'Active households whose income is not known; counted, no alarm', example: 312 })
  withoutAssessment!: number;
  @ApiProperty({
    description: 'Assessments of households that the register has not told of; counted, no alarm',
    example: 0,
  })
  assessmentsWithoutHousehold!: number;
}

export class JudgementFigures {
  @ApiProperty({
    description:
      'Townships of open shocks in which it was counted again whom the shock touches: some of each shock, in turn',
    example: 40,
  })
  compared!: number;
  @ApiProperty({ example: 40 })
  agreed!: number;
  @ApiProperty({ description: 'Somebody had been missed and was looked at meanwhile', example: 0 })
  mended!: number;
  @ApiProperty({
    description:
      'Not compared to the end: the shock was said anew meanwhile, or households that changed still wait for their look',
    example: 0,
  })
  left!: number;
  @ApiProperty({ example: 0 })
  alarms!: number;
  @ApiProperty({ description: 'Households that the shocks touch there, counted once for each shock', example: 21406 })
  households!: number;
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
  @ApiProperty({
    description: 'Townships of shocks, and groups of findings and joint alerts, compared within the caller’s area',
    example: 77,
  })
  compared!: number;
  @ApiProperty({ example: 75 })
  agreed!: number;
  @ApiProperty({ example: 2 })
  mended!: number;
  @ApiProperty({ example: 0 })
  alarms!: number;
  @ApiProperty({ type: ExposureFigures, description: 'The exposure compared with its owners' })
  exposure!: ExposureFigures;
  @ApiProperty({
    type: JudgementFigures,
    description: 'Whom open shocks touch now, compared with who was alerted or withheld',
  })
  judgements!: JudgementFigures;
  @ApiProperty({ type: [ReconciliationFinding], description: 'The first hundred' })
  findings!: ReconciliationFinding[];
}

export class ReconciliationPage {
  @ApiProperty({ type: [ReconciliationResponse] })
  items!: ReconciliationResponse[];
  @ApiProperty({ type: String, nullable: true })
  nextCursor!: string | null;
}
