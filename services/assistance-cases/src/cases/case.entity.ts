import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A row of `cases`; migrations are the truth about the table. Codes of state: case-states.ts. */
@Entity('cases')
export class CaseEntity {
  @PrimaryColumn({ name: 'case_origin', type: 'bigint' })
  caseOrigin!: number;

  @PrimaryColumn({ name: 'household_id', type: 'bigint' })
  householdId!: number;

  @Column({ name: 'duty_code', type: 'bigint' })
  dutyCode!: number;

  @Column({ type: 'bigint' })
  revision!: number;

  @Column({ name: 'alert_revision', type: 'bigint' })
  alertRevision!: number;

  @Column({ name: 'opened_at', type: 'timestamptz' })
  openedAt!: Date;

  @Column({ name: 'due_at', type: 'timestamptz' })
  dueAt!: Date;

  @Column({ name: 'flagged_at', type: 'timestamptz', nullable: true })
  flaggedAt!: Date | null;

  @Column({ type: 'smallint' })
  persons!: number;

  @Column({ type: 'smallint' })
  severity!: number;

  @Column({ name: 'alert_severity', type: 'smallint' })
  alertSeverity!: number;

  /** What the alert that opened the case was answered: the numbers of `TriageOutcome`. */
  @Column({ name: 'alert_outcome', type: 'smallint' })
  alertOutcome!: number;

  @Column({ type: 'smallint' })
  state!: number;

  @Column({ type: 'smallint' })
  regime!: number;

  @Column({ type: 'boolean' })
  acted!: boolean;

  /** Of an open case: how its household has left by the register, a code of register/left-states.ts; null while it is there. */
  @Column({ name: 'household_left', type: 'smallint', nullable: true })
  householdLeft!: number | null;
}
