import { ApiProperty } from '@nestjs/swagger';
import type { RegionCode } from '@fangpin/domain-kit';
import { questionStates, type QuestionState } from '../question-states.js';

export class QuestionNoticeResponse {
  @ApiProperty({ format: 'uuid' }) shockId!: string;
  @ApiProperty({
    enum: ['ended-notice', 'damage-report'],
    description: 'A notice that has ended, or a report whose figures are of a wider area than the village',
  })
  askedBy!: 'ended-notice' | 'damage-report';
  @ApiProperty({ description: 'In Chinese', example: '灾情报告' }) askedByLabel!: string;
  @ApiProperty({ example: 'rainstorm' }) kind!: string;
  @ApiProperty({ type: 'integer', minimum: 0, maximum: 4, description: '0 where it states none' })
  level!: number;
  @ApiProperty({ example: '永仁县气象台发布暴雨红色预警信号' }) headline!: string;
  @ApiProperty({ format: 'date-time' }) onset!: string;
  @ApiProperty({
    description:
      'It was called off or opened again, or a later report names finer places: this question is no longer about it.',
  })
  withdrawn!: boolean;
}

/** What a village owes after a notice has ended, or a report has told of losses in a wider area. */
export class QuestionResponse {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ type: String, example: '532327101201' }) village!: RegionCode;
  @ApiProperty({ type: String, nullable: true }) villageName!: string | null;
  @ApiProperty({ example: '7月18日暴雨红色预警已结束，请报本村是否受灾（未受灾也要报）' }) text!: string;
  @ApiProperty({ enum: Object.keys(questionStates) }) state!: QuestionState;
  @ApiProperty({ description: 'In Chinese', example: '待答复' }) stateLabel!: string;
  @ApiProperty({ type: 'integer', minimum: 0, maximum: 4 }) severity!: number;
  @ApiProperty({ format: 'date-time' }) askedAt!: string;
  @ApiProperty({ format: 'date-time' }) dueAt!: string;
  @ApiProperty() overdue!: boolean;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) answeredAt!: string | null;
  @ApiProperty({ type: Number, nullable: true }) cropHitMu!: number | null;
  @ApiProperty({ type: Number, nullable: true }) cropLostMu!: number | null;
  @ApiProperty({ type: 'integer', nullable: true }) housesCollapsed!: number | null;
  @ApiProperty({ type: 'integer', nullable: true }) housesDamaged!: number | null;
  @ApiProperty({ type: [String], example: ['玉米'] }) products!: string[];
  @ApiProperty({ type: [QuestionNoticeResponse] }) notices!: QuestionNoticeResponse[];
}

export class QuestionPage {
  @ApiProperty({ type: [QuestionResponse] }) items!: QuestionResponse[];
  @ApiProperty({ type: String, nullable: true }) nextCursor!: string | null;
}

export class GivenAnswerResponse {
  @ApiProperty({ format: 'date-time' }) answeredAt!: string;
  @ApiProperty() hit!: boolean;
  @ApiProperty({ type: Number, nullable: true }) cropHitMu!: number | null;
  @ApiProperty({ type: Number, nullable: true }) cropLostMu!: number | null;
  @ApiProperty({ type: 'integer', nullable: true }) housesCollapsed!: number | null;
  @ApiProperty({ type: 'integer', nullable: true }) housesDamaged!: number | null;
  @ApiProperty({ type: [String] }) products!: string[];
  @ApiProperty({ type: String, nullable: true }) note!: string | null;
  @ApiProperty({ description: 'Account, no name' }) actor!: string;
  @ApiProperty() actorRole!: string;
}

export class QuestionDetailResponse extends QuestionResponse {
  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Until when the answer may be put right',
  })
  correctableUntil!: string | null;
  @ApiProperty({ type: [GivenAnswerResponse], description: 'The answer and its corrections, oldest first' })
  answers!: GivenAnswerResponse[];
}

/** What is answered to an answer: ids and states only, for a repeat gets it again. */
export class AnswerTakenResponse {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ type: String, example: '532327101201' }) village!: string;
  @ApiProperty({ enum: ['hit', 'not-hit'] }) state!: 'hit' | 'not-hit';
  @ApiProperty({ description: 'In Chinese', example: '受灾' }) stateLabel!: string;
  @ApiProperty({ description: 'False where it had been answered so before' }) changed!: boolean;
  @ApiProperty({ description: 'Goes into If-Match of a correction', example: '"1099511627778"' }) etag!: string;
}

export class ZeroReportRefusal {
  @ApiProperty({ type: String, example: '532327101203' }) village!: string;
  @ApiProperty({ example: 'VILLAGE_QUESTION.ANSWERED_HIT' }) code!: string;
  @ApiProperty({ description: 'In Chinese', example: '该村已报受灾，请逐村更正' }) text!: string;
}

export class ZeroReportResponse {
  @ApiProperty({ type: 'integer', description: 'Questions answered by this report' }) answered!: number;
  @ApiProperty({ type: 'integer', description: 'Villages that had answered 未受灾 before' }) unchanged!: number;
  @ApiProperty({ type: [ZeroReportRefusal] }) refused!: ZeroReportRefusal[];
}

export class TownshipSummary {
  @ApiProperty({ type: String, example: '532327101' }) region!: RegionCode;
  @ApiProperty({ type: String, nullable: true, example: '永定镇' }) name!: string | null;
  @ApiProperty({ type: 'integer', description: 'Questions, those withdrawn left out' }) asked!: number;
  @ApiProperty({ type: 'integer', description: '受灾' }) hit!: number;
  @ApiProperty({ type: 'integer', description: '未受灾, zero reports' }) notHit!: number;
  @ApiProperty({ type: 'integer', description: 'Not answered, the overdue included' }) open!: number;
  @ApiProperty({ type: 'integer' }) overdue!: number;
}

export class QuestionSummaryResponse {
  @ApiProperty({ type: [TownshipSummary] }) townships!: TownshipSummary[];
  @ApiProperty({ type: 'integer' }) asked!: number;
  @ApiProperty({ type: 'integer' }) hit!: number;
  @ApiProperty({ type: 'integer' }) notHit!: number;
  @ApiProperty({ type: 'integer' }) open!: number;
  @ApiProperty({ type: 'integer' }) overdue!: number;
}
