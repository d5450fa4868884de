import { Column, Entity, PrimaryColumn } from 'typeorm';

export type HouseholdCopyState = 'active' | 'moved-out' | 'dissolved';

/** What income-monitoring keeps of a household. */
@Entity('households')
export class HouseholdEntity {
  @PrimaryColumn({ name: 'household_id', type: 'bigint' })
  householdId!: number;

  @Column({ name: 'duty_code', type: 'bigint' })
  dutyCode!: number;

  @Column({ name: 'persons', type: 'integer' })
  persons!: number;

  @Column({ name: 'state', type: 'text' })
  state!: HouseholdCopyState;

  @Column({ name: 'profile_revision', type: 'bigint' })
  profileRevision!: number;

  @Column({ name: 'assessed_month', type: 'integer' })
  assessedMonth!: number;
}
