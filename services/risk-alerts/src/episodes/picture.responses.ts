import { ApiProperty } from '@nestjs/swagger';
import { answerWords } from '../ledger/answer-words.js';
import { EpisodeResponse } from './episode.responses.js';

export class RangeFen {
  @ApiProperty({ type: 'integer', example: 410000 }) lowFen!: number;
  @ApiProperty({ type: 'integer', example: 620000 }) middleFen!: number;
  @ApiProperty({ type: 'integer', example: 880000 }) highFen!: number;
}

export class PictureSharedCause extends RangeFen {
  @ApiProperty({ example: 'unsold-stock' }) cause!: string;
}

/** A field, a pen or the wages of an earner that several causes take something of. */
export class PictureSharedThing {
  @ApiProperty({ description: '`earner` for wages', example: 'vegetables' }) product!: string;
  @ApiProperty({ example: '蔬菜' }) name!: string;
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Where it is, as finely as it is known; null for wages',
    example: '532327101201',
  })
  region!: string | null;
  @ApiProperty({ type: RangeFen, description: 'What it is worth over twelve months; zero where that is not known' })
  worth!: RangeFen;
  @ApiProperty({ isArray: true, type: PictureSharedCause, description: 'What each cause would take of it alone' })
  causes!: readonly PictureSharedCause[];
  @ApiProperty({ type: RangeFen, description: 'What they take together: never more than it is worth' })
  together!: RangeFen;
}

export class PictureProjection {
  @ApiProperty({ type: 'integer', example: 4 }) persons!: number;
  @ApiProperty({ type: 'integer', nullable: true, description: 'Income per head of the last twelve months, fen' })
  perCapitaFen!: number | null;
  @ApiProperty({ type: RangeFen, description: 'Income lost over twelve months by all causes, whole household' })
  incomeLoss!: RangeFen;
  @ApiProperty({ type: RangeFen, description: 'Bills of all causes, paid or to be paid, whole household' })
  bills!: RangeFen;
  @ApiProperty({ type: 'integer', description: 'Of the bills what has been paid already, after refunds', example: 0 })
  paidFen!: number;
  @ApiProperty({ type: 'integer', description: 'Hard spending on record beside these bills, fen', example: 0 })
  spendingFen!: number;
  @ApiProperty({ type: RangeFen, nullable: true, description: 'Income per head that is left; null where not known' })
  projectedPerCapita!: RangeFen | null;
  @ApiProperty({ type: 'integer', description: 'Monitoring line, fen per head', example: 850000 }) lineFen!: number;
  @ApiProperty({ description: 'No document gives this line for the place and year' }) lineAssumed!: boolean;
  @ApiProperty({
    isArray: true,
    type: String,
    description:
      'Alerts whose loss or bill another one holds already (one field, two storms; one hospital bill, two offices), not added',
  })
  notAdded!: string[];
  @ApiProperty({
    isArray: true,
    type: PictureSharedThing,
    description:
      'Fields, pens and wages of an earner that several causes take something of: what one has taken another cannot take again',
  })
  shared!: readonly PictureSharedThing[];
}

export class PictureAnswer {
  @ApiProperty({ format: 'uuid', description: 'The alert; also the check item where it was listed' }) alertId!: string;
  @ApiProperty({ example: 'crop-disaster' }) cause!: string;
  @ApiProperty({
    enum: ['waiting', ...Object.values(answerWords)],
    description: 'What assistance-cases answered',
  })
  outcome!: string;
  @ApiProperty({ type: String, format: 'uuid', nullable: true }) caseId!: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'Where the case stands; null while it is a clue' })
  caseState!: string | null;
}

/** All that endangers one household, as one. */
export class PictureResponse {
  @ApiProperty({ type: 'integer', example: 1204 }) householdId!: number;
  @ApiProperty({ example: '532327100201' }) region!: string;
  @ApiProperty({ type: [EpisodeResponse], description: 'Its open episodes' }) episodes!: EpisodeResponse[];
  @ApiProperty({ type: PictureProjection, nullable: true, description: 'Null where no alert stands' })
  projection!: PictureProjection | null;
  @ApiProperty({ description: 'The worst of the episodes, 0 for none', example: 2 }) worstSeverity!: number;
  @ApiProperty({ description: 'Of all of them together by the same rule: two blue ones may be red', example: 4 })
  jointSeverity!: number;
  @ApiProperty({ isArray: true, type: String, example: ['incomeBelowLine'] }) reasons!: string[];
  @ApiProperty({ type: [PictureAnswer], description: 'The case and the check items that answer it' })
  answers!: PictureAnswer[];
  @ApiProperty({
    type: PictureAnswer,
    nullable: true,
    description: 'The alert of all of them together (cause `several`) and what answers it; null where none is raised',
  })
  joint!: PictureAnswer | null;
  @ApiProperty({ description: 'Policy version that it is judged by' }) policyVersion!: string;
  @ApiProperty({ description: 'One paragraph for the household, in Chinese' }) text!: string;
  @ApiProperty({ format: 'date-time' }) asOf!: string;
}
