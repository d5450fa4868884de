import { ApiProperty } from '@nestjs/swagger';
import type { RegionCode } from '@fangpin/domain-kit';

/** A household somebody is to see, or a village that owes an answer. */
export class WorklistItem {
  @ApiProperty({ enum: ['case', 'check-item', 'village-question'] }) kind!: 'case' | 'check-item' | 'village-question';
  @ApiProperty({ format: 'uuid', description: 'Of the case, the check item or the question' }) id!: string;
  @ApiProperty({ type: 'integer', nullable: true, description: 'Null where a village is asked' })
  householdId!: number | null;
  @ApiProperty({ type: String, description: 'Village or group' }) region!: RegionCode;
  @ApiProperty({ type: 'integer', minimum: 0, maximum: 4, description: '0 where a notice states no level' })
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
  @ApiProperty({ format: 'date-time' }) dueAt!: string;
  @ApiProperty() overdue!: boolean;
}

export class WorklistPage {
  @ApiProperty({ type: [WorklistItem] }) items!: WorklistItem[];
  @ApiProperty({ type: String, nullable: true }) nextCursor!: string | null;
}
