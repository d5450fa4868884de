import { ApiProperty } from '@nestjs/swagger';
import type { RegionCode } from '@fangpin/domain-kit';

/** A household somebody is to see. */
export class WorklistItem {
  @ApiProperty({ enum: ['case', 'check-item'] }) kind!: 'case' | 'check-item';
  @ApiProperty({ format: 'uuid', description: 'Of the case or the check item' }) id!: string;
  @ApiProperty({ type: 'integer' }) householdId!: number;
  @ApiProperty({ type: String, description: 'Village or group' }) region!: RegionCode;
  @ApiProperty({ type: 'integer', minimum: 1, maximum: 4 }) severity!: number;
  @ApiProperty() severityLabel!: string;
  @ApiProperty() state!: string;
  @ApiProperty({ description: 'In Chinese' }) stateLabel!: string;
  @ApiProperty({ format: 'date-time' }) dueAt!: string;
  @ApiProperty() overdue!: boolean;
}

export class WorklistPage {
  @ApiProperty({ type: [WorklistItem] }) items!: WorklistItem[];
  @ApiProperty({ type: String, nullable: true }) nextCursor!: string | null;
}
