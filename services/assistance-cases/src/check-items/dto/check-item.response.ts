import { ApiProperty } from '@nestjs/swagger';
import type { RegionCode } from '@fangpin/domain-kit';
import { ApiFindingId } from '../../http/api-finding-id.js';
import { checkItemStates, type CheckItemState } from '../check-item-states.js';

/** An item of a village's check list (排查清单); ids and codes only. */
export class CheckItemResponse {
  @ApiProperty({ format: 'uuid', description: 'Also the id of the alert that listed it' }) id!: string;
  @ApiProperty({ type: 'integer' }) householdId!: number;
  @ApiProperty({ type: String, description: 'Village or group' }) region!: RegionCode;
  @ApiProperty({ type: 'integer' }) persons!: number;
  @ApiProperty({ type: 'integer', minimum: 1, maximum: 4 }) severity!: number;
  @ApiProperty({ description: '蓝色, 黄色, 橙色 or 红色' }) severityLabel!: string;
  @ApiProperty({ enum: Object.keys(checkItemStates) }) state!: CheckItemState;
  @ApiProperty({ description: 'In Chinese' }) stateLabel!: string;
  @ApiProperty({ format: 'uuid', description: 'The shock or finding behind it; of cause `several` the alert itself' })
  shockId!: string;
  @ApiFindingId() findingId!: string | null;
  @ApiProperty() cause!: string;
  @ApiProperty({ format: 'date-time' }) listedAt!: string;
  @ApiProperty({ format: 'date-time' }) dueAt!: string;
  @ApiProperty({ description: 'Never while the check of the household’s case is under way' }) overdue!: boolean;
  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Its alert was withdrawn after a check',
  })
  flaggedAt!: string | null;
  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description:
      'The earlier alert (check item, or alert of a dismissed case) whose check without risk answers for this one; its own id where its own case was dismissed',
  })
  rememberedFrom!: string | null;
  @ApiProperty({
    type: [String],
    format: 'uuid',
    description: 'The other open items of the household: one visit answers all of them (`alsoAnswers` of the result)',
  })
  sameVisit!: string[];
  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'The open case of the household, with which an open item goes: no visit of its own is asked for it',
  })
  joinedCase!: string | null;
}

export class CheckItemPage {
  @ApiProperty({ type: [CheckItemResponse] }) items!: CheckItemResponse[];
  @ApiProperty({ type: String, nullable: true }) nextCursor!: string | null;
}

export class CheckResultResponse {
  @ApiProperty({ format: 'uuid' }) id!: string;
  @ApiProperty({ enum: Object.keys(checkItemStates) }) state!: CheckItemState;
  @ApiProperty() stateLabel!: string;
  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'The case that a found risk opened or joined',
  })
  caseId!: string | null;
  @ApiProperty({
    description: 'Whether the case was opened by this; false where it joined an open one or there is none',
  })
  caseOpened!: boolean;

  @ApiProperty({
    type: [String],
    format: 'uuid',
    description:
      'The items of `alsoAnswers` that this visit has answered; those that had the same result before are not here',
  })
  alsoAnswered!: string[];
}
