import { ApiProperty } from '@nestjs/swagger';
import { episodeSteps, type EpisodeStep } from './episode.rule.js';
import { tellingWays, type TellingWay } from './telling.request.js';

export class ToldResponse {
  @ApiProperty({ format: 'date-time' }) at!: string;
  @ApiProperty({ description: '1 blue … 4 red; 0 that it was withdrawn', example: 3 }) severity!: number;
  @ApiProperty({ enum: tellingWays }) how!: TellingWay;
  @ApiProperty({ example: 'helper' }) byRole!: string;
}

export class EpisodeResponse {
  @ApiProperty({ description: 'Household, cause and the how-many-eth of both', example: '1204.price-fall.1' })
  id!: string;
  @ApiProperty({ type: 'integer', example: 1204 }) householdId!: number;
  @ApiProperty({ description: 'Village that answers for the household', example: '532327100201' }) region!: string;
  @ApiProperty({
    description:
      '`several`: of the alert of several causes together, where losses that raised none by themselves are in it',
    example: 'price-fall',
  })
  cause!: string;
  @ApiProperty({ example: '卖价下跌' }) causeName!: string;
  @ApiProperty({ enum: ['open', 'ended'] }) state!: 'open' | 'ended';
  @ApiProperty({ description: '1 blue … 4 red; 0 once ended', example: 3 }) severity!: number;
  @ApiProperty({ type: String, nullable: true, example: '橙色' }) severityName!: string | null;
  @ApiProperty({ description: 'The worst it ever was', example: 4 }) peakSeverity!: number;
  @ApiProperty({ format: 'date-time' }) openedAt!: string;
  @ApiProperty({ format: 'date-time', description: 'When an alert of it was last raised' }) lastRaisedAt!: string;
  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Since when its alerts say less than counts; the lower severity counts once it has stood long enough',
  })
  easingSince!: string | null;
  @ApiProperty({ type: String, format: 'date-time', nullable: true }) endedAt!: string | null;
  @ApiProperty({
    enum: ['recalled', 'answered', 'checked-no-risk', 'household-left', 'passed'],
    nullable: true,
    type: String,
    description:
      'recalled: every alert was withdrawn; answered: its case has ended; checked-no-risk: the check of the household found no ' +
      'risk; household-left: it has moved out or is dissolved by the register, and had no case; passed: nobody renewed it',
  })
  endedWhy!: string | null;
  @ApiProperty({ type: String, nullable: true, example: '已排查无风险' }) endedWhyName!: string | null;
  @ApiProperty({ type: 'integer', description: 'Alerts that feed it', example: 2 }) alerts!: number;
  @ApiProperty({ type: ToldResponse, nullable: true, description: 'The last telling' }) told!: ToldResponse | null;
  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'From when on the household is to be told; null where there is nothing to tell',
  })
  tellFrom!: string | null;
}

export class EpisodePage {
  @ApiProperty({ type: [EpisodeResponse] }) items!: EpisodeResponse[];
  @ApiProperty({ type: String, nullable: true }) nextCursor!: string | null;
}

export class EpisodeStepResponse {
  @ApiProperty({ enum: episodeSteps }) step!: EpisodeStep;
  @ApiProperty({ example: '升级' }) stepName!: string;
  @ApiProperty({ format: 'date-time' }) at!: string;
  @ApiProperty({ description: 'Severity after it', example: 4 }) severity!: number;
  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'The alert that did it' })
  alertId!: string | null;
  @ApiProperty({ type: String, format: 'date', nullable: true, description: 'Of a telling: its day' })
  on!: string | null;
  @ApiProperty({ enum: tellingWays, nullable: true, type: String }) how!: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'helper' }) byRole!: string | null;
}

export class FedByResponse {
  @ApiProperty({ format: 'uuid' }) alertId!: string;
  @ApiProperty({ enum: ['raised', 'withdrawn'] }) status!: string;
  @ApiProperty({ description: 'What it says', example: 2 }) severity!: number;
  @ApiProperty({ description: 'What it counts for now', example: 3 }) counts!: number;
  @ApiProperty({ format: 'date-time' }) raisedAt!: string;
}

export class EpisodeWithSteps extends EpisodeResponse {
  @ApiProperty({ type: [FedByResponse], description: 'The alerts that feed it' }) fedBy!: FedByResponse[];
  @ApiProperty({ type: [EpisodeStepResponse], description: 'First to last; the last two hundred' })
  steps!: EpisodeStepResponse[];
}
