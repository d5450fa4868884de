import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A row of `household_history`: added with every revision, never changed. */
@Entity('household_history')
export class HouseholdChangeEntity {
  @PrimaryColumn({ name: 'household_id', type: 'bigint' })
  householdId!: number;

  @PrimaryColumn({ type: 'bigint' })
  revision!: number;

  @Column({ name: 'duty_code', type: 'bigint' })
  dutyCode!: number;

  /** What was changed, as codes: `registered`, `moved livelihoods`. */
  @Column({ type: 'text' })
  change!: string;

  /** Subject of the token, or the job. */
  @Column({ type: 'text' })
  actor!: string;

  @Column({ type: 'timestamptz' })
  at!: Date;
}
