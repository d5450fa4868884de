import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IntakeResponse, ProblemResponse } from '../intake/intake.response.js';

export class ListedWarningRequest {
  @ApiProperty({ type: String, example: '53082241600000_20260919093849' })
  alertid!: string;

  @ApiProperty({ type: String, description: 'Beijing time', example: '2026/09/19 09:37' })
  issuetime!: string;

  @ApiProperty({ type: String, example: '云南省普洱市墨江哈尼族自治县气象台发布地质灾害黄色预警信号' })
  title!: string;

  @ApiPropertyOptional({ type: String, example: '/publish/alarm/53082241600000_20260919093849.html' })
  url?: string;

  @ApiPropertyOptional({
    type: String,
    description: 'Event and level by the picture’s name, where the title says nothing',
    example: 'https://image.nmc.cn/assets/img/alarm/p0021003.png',
  })
  pic?: string;
}

export class WarningListRequest {
  @ApiProperty({ type: [ListedWarningRequest], description: 'Or as `data.page.list`, as the publisher gives it' })
  list!: ListedWarningRequest[];
}

export class ListedAnswerResponse extends IntakeResponse {
  @ApiProperty({ type: String, description: 'Of the entry; empty where it has none' })
  alertid!: string;
}

export class WarningListResponse {
  @ApiProperty({
    type: Number,
    description: 'Entries of the list; `new`, `known`, `recorded` and `unresolved` add up to it',
  })
  entries!: number;

  @ApiProperty({ type: Number, description: 'A new shock, or a revision of one' })
  new!: number;

  @ApiProperty({ type: Number, description: 'Taken before' })
  known!: number;

  @ApiProperty({ type: Number, description: 'Over already at receipt, or at the replay time' })
  recorded!: number;

  @ApiProperty({ type: Number, description: 'No kind, area or time can be read: kept in quarantine' })
  unresolved!: number;

  @ApiProperty({ type: [ProblemResponse], description: 'Of the list as a whole' })
  problems!: ProblemResponse[];

  @ApiProperty({ type: [ListedAnswerResponse] })
  alerts!: ListedAnswerResponse[];
}

export class WarningTextRequest {
  @ApiProperty({
    type: String,
    example: '文山市气象局2022年06月06日03时38分37秒解除2022年06月05日20时50分01秒发布的雷电黄色预警。',
  })
  text!: string;

  @ApiPropertyOptional({ type: String, description: 'By which a repeat is known; the content otherwise' })
  id?: string;

  @ApiPropertyOptional({ type: String, example: '文山市气象局' })
  issuer?: string;

  @ApiPropertyOptional({ type: String, description: 'Division code of the issuing office', example: '532601' })
  adcode?: string;

  @ApiPropertyOptional({ type: String, example: '云南省气象台发布强对流黄色预警' })
  title?: string;

  @ApiPropertyOptional({
    type: String,
    description: 'Issue time where the words leave it out; also as `issued_local`; Beijing time without an offset',
    example: '2024-09-05T08:17+08:00',
  })
  issued?: string;
}

export class WarningTextsRequest {
  @ApiProperty({ type: [WarningTextRequest], description: 'Or one text as the body itself' })
  texts!: WarningTextRequest[];
}

export class WarningTextsResponse {
  @ApiProperty({
    type: [IntakeResponse],
    description: 'One for each warning, in the order of the texts and their words',
  })
  alerts!: IntakeResponse[];
}
