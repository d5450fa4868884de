import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { entryKindNames, type EntryKind } from '../entry-kinds.js';
import { MAX_AMOUNT_FEN } from '../spread.rule.js';

const MONTH = { type: String, pattern: '^\\d{4}-(0[1-9]|1[0-2])$', example: '2026-10' };

/** What a sender writes; read and checked by new-entry.ts. */
export class NewIncomeEntryDto {
  @ApiProperty({ type: 'integer', minimum: 1 })
  householdId!: number;

  @ApiProperty({
    enum: entryKindNames,
    description:
      'The four incomes and production costs make the figure; insurance-payout, out-of-pocket, fixed-purpose-grant and temporary-help stand apart from it.',
  })
  kind!: EntryKind;

  @ApiProperty({ ...MONTH, description: 'First month that the amount is for.' })
  from!: string;

  @ApiProperty({ ...MONTH, description: 'Last month, inclusive; the amount is spread evenly over all of them.' })
  to!: string;

  @ApiProperty({ type: 'integer', minimum: 0, maximum: MAX_AMOUNT_FEN, description: 'Whole amount, fen.' })
  amountFen!: number;

  @ApiProperty({
    maxLength: 100,
    description: 'Where the fact is from (a form, a department); never a name or number of a person.',
  })
  source!: string;

  @ApiPropertyOptional({
    maxLength: 100,
    description: "The sender's own key of the fact, unique within the household; without it the content is the key.",
  })
  sourceKey?: string;
}

export class NewIncomeEntriesDto {
  @ApiProperty({ type: [NewIncomeEntryDto], minItems: 1, maxItems: 1000 })
  entries!: NewIncomeEntryDto[];
}

export class RecordedEntryDto {
  @ApiProperty({ type: 'integer' })
  id!: number;

  @ApiProperty({ type: 'integer' })
  householdId!: number;

  @ApiProperty()
  sourceKey!: string;

  @ApiProperty({ description: 'The ledger held this fact before; nothing was added.' })
  repeated!: boolean;
}

export class RecordedEntriesDto {
  @ApiProperty({ type: [RecordedEntryDto] })
  items!: RecordedEntryDto[];
}

export class NewCorrectionDto {
  @ApiPropertyOptional({
    type: NewIncomeEntryDto,
    description: 'The right fact, where it is known (householdId may be left out: it stays the same).',
  })
  replacement?: NewIncomeEntryDto;
}

export class CorrectionDto {
  @ApiProperty({ type: 'integer', description: 'Id of the entry that takes the wrong one back.' })
  reversalId!: number;

  @ApiProperty({ type: 'integer', nullable: true })
  replacementId!: number | null;
}

export class IncomeEntryDto extends NewIncomeEntryDto {
  @ApiProperty({ type: 'integer' })
  id!: number;

  @ApiProperty({ description: 'Name of the kind, 工资性收入 …' })
  kindName!: string;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'The entry that this one takes back; its amount is negative.',
  })
  reversesId!: number | null;

  @ApiProperty({ format: 'date-time' })
  recordedAt!: string;
}

export class IncomeEntryPageDto {
  @ApiProperty({ type: [IncomeEntryDto] })
  items!: IncomeEntryDto[];

  @ApiProperty({ type: String, nullable: true })
  nextCursor!: string | null;
}
