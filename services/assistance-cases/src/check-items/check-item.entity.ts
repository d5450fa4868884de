import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A row of `check_items`; migrations are the truth about the table. Codes of state: check-item-states.ts. */
@Entity('check_items')
export class CheckItemEntity {
  @PrimaryColumn({ type: 'bigint' })
  origin!: number;

  @PrimaryColumn({ name: 'household_id', type: 'bigint' })
  householdId!: number;

  @Column({ name: 'duty_code', type: 'bigint' })
  dutyCode!: number;

  @Column({ type: 'bigint' })
  revision!: number;

  @Column({ name: 'alert_revision', type: 'bigint' })
  alertRevision!: number;

  @Column({ name: 'listed_at', type: 'timestamptz' })
  listedAt!: Date;

  @Column({ name: 'due_at', type: 'timestamptz' })
  dueAt!: Date;

  @Column({ name: 'flagged_at', type: 'timestamptz', nullable: true })
  flaggedAt!: Date | null;

  /** Origin of the earlier check without risk that answers for this item. */
  @Column({ name: 'remembered_origin', type: 'bigint', nullable: true })
  rememberedOrigin!: number | null;

  @Column({ type: 'smallint' })
  persons!: number;

  @Column({ type: 'smallint' })
  severity!: number;

  @Column({ name: 'checked_severity', type: 'smallint', nullable: true })
  checkedSeverity!: number | null;

  @Column({ type: 'smallint' })
  outcome!: number;

  @Column({ type: 'smallint' })
  state!: number;
}
