import { ApiProperty } from '@nestjs/swagger';
import type { RegionCode } from '@fangpin/domain-kit';
import { leavings, type Leaving } from '../register/left-states.js';
import { ApiFindingId } from '../http/api-finding-id.js';

const visitKinds = ['case', 'check-item'] as const;

/** One of the things for which a household is to be seen. */
export class VisitAsk {
  @ApiProperty({ enum: visitKinds }) kind!: (typeof visitKinds)[number];
  @ApiProperty({ format: 'uuid', description: 'Of the case or the check item' }) id!: string;
  @ApiProperty({
    format: 'uuid',
    description:
      'The shock or finding that the case is about, or whose alert listed the item; of cause `several` that alert',
  })
  shockId!: string;
  @ApiFindingId() findingId!: string | null;
  @ApiProperty({ type: [String], description: 'Causes of the alerts behind it, each once', example: ['crop-disaster'] })
  causes!: string[];
  @ApiProperty({ type: 'integer', minimum: 1, maximum: 4 }) severity!: number;
  @ApiProperty({ description: '蓝色, 黄色, 橙色 or 红色' }) severityLabel!: string;
  @ApiProperty({ example: 'listed' }) state!: string;
  @ApiProperty({ description: 'In Chinese', example: '待排查' }) stateLabel!: string;
  @ApiProperty({ format: 'date-time', description: 'End of its own clock' }) dueAt!: string;
  @ApiProperty() overdue!: boolean;
}

/** A household that is to be seen, once for all that is asked of it, or a village that owes an answer. */
export class WorklistItem {
  @ApiProperty({
    enum: [...visitKinds, 'village-question'],
    description: '`case` where the household has an open case, else `check-item`; a household is one entry',
  })
  kind!: (typeof visitKinds)[number] | 'village-question';
  @ApiProperty({
    format: 'uuid',
    description: 'Of the household’s open case, else of its item that is due first; or of the question',
  })
  id!: string;
  @ApiProperty({ type: 'integer', nullable: true, description: 'Null where a village is asked' })
  householdId!: number | null;
  @ApiProperty({ type: String, description: 'Village or group' }) region!: RegionCode;
  @ApiProperty({
    type: 'integer',
    minimum: 0,
    maximum: 4,
    description: 'The worst of all that is asked; 0 where a notice states no level',
  })
  severity!: number;
  @ApiProperty() severityLabel!: string;
  @ApiProperty() state!: string;
  @ApiProperty({ description: 'In Chinese' }) stateLabel!: string;
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'What a village is asked; null for visits',
    example: '7月18日暴雨红色预警已结束，请报本村是否受灾（未受灾也要报）',
  })
  text!: string | null;
  @ApiProperty({
    format: 'date-time',
    description:
      'The earliest of the clocks of all that is asked; while the check of a case is under way, the clock of the case',
  })
  dueAt!: string;
  @ApiProperty({ description: 'Never of a household that has left' }) overdue!: boolean;
  @ApiProperty({
    type: String,
    enum: leavings,
    nullable: true,
    description:
      'The household has moved out or is dissolved by the register while somebody worked on its case: no visit is asked, the case is to be ended; ' +
      'null where a village is asked',
  })
  householdLeft!: Leaving | null;
  @ApiProperty({
    type: [String],
    description: 'Causes of all alerts behind the visit, each once; empty where a village is asked',
    example: ['crop-disaster', 'price-fall'],
  })
  causes!: string[];
  @ApiProperty({
    type: [VisitAsk],
    description:
      'All that one visit is to answer: the open case first, then check items; empty where a village is asked',
  })
  asks!: VisitAsk[];
}

export class WorklistPage {
  @ApiProperty({ type: [WorklistItem] }) items!: WorklistItem[];
  @ApiProperty({ type: String, nullable: true }) nextCursor!: string | null;
}
