import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { EntryKind } from './entry-kinds.js';

/** A row of the ledger. Months are counted from the year 0 (month.ts); fen are negative only in a reversal. */
@Entity('income_entries')
export class IncomeEntryEntity {
  @PrimaryColumn({ name: 'entry_id', type: 'bigint' })
  entryId!: number;

  @Column({ name: 'household_id', type: 'bigint' })
  householdId!: number;

  @Column({ name: 'duty_code', type: 'bigint' })
  dutyCode!: number;

  @Column({ name: 'kind', type: 'text' })
  kind!: EntryKind;

  @Column({ name: 'from_month', type: 'integer' })
  from!: number;

  @Column({ name: 'to_month', type: 'integer' })
  to!: number;

  @Column({ name: 'amount_fen', type: 'bigint' })
  amountFen!: number;

  @Column({ name: 'source', type: 'text' })
  source!: string;

  @Column({ name: 'source_key', type: 'text' })
  sourceKey!: string;

  @Column({ name: 'reverses_entry_id', type: 'bigint', nullable: true })
  reversesEntryId!: number | null;

  @Column({ name: 'recorded_by', type: 'text' })
  recordedBy!: string;

  @Column({ name: 'recorded_at', type: 'timestamptz' })
  recordedAt!: Date;
}
