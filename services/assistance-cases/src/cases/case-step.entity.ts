import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A row of `case_steps`: one step of a case after its opening. Never changed, by grants. */
@Entity('case_steps')
export class CaseStepEntity {
  @PrimaryColumn({ name: 'case_origin', type: 'bigint' })
  caseOrigin!: number;

  @PrimaryColumn({ name: 'household_id', type: 'bigint' })
  householdId!: number;

  /** Revision of the case after the step. */
  @PrimaryColumn({ type: 'bigint' })
  revision!: number;

  @Column({ name: 'duty_code', type: 'bigint' })
  dutyCode!: number;

  @Column({ name: 'stepped_at', type: 'timestamptz' })
  steppedAt!: Date;

  @Column({ type: 'text' })
  action!: string;

  @Column({ name: 'from_state', type: 'smallint' })
  fromState!: number;

  @Column({ name: 'to_state', type: 'smallint' })
  toState!: number;

  @Column({ type: 'smallint' })
  severity!: number;

  @Column({ type: 'smallint' })
  regime!: number;

  @Column({ name: 'policy_version', type: 'text' })
  policyVersion!: string;

  /** Subject of the caller; null for the machine. */
  @Column({ type: 'text', nullable: true })
  actor!: string | null;

  @Column({ name: 'actor_role', type: 'text', nullable: true })
  actorRole!: string | null;

  @Column({ type: 'text', nullable: true })
  reason!: string | null;

  @Column({ type: 'text', array: true, nullable: true })
  checkers!: string[] | null;

  @Column({ name: 'told_on', type: 'date', nullable: true })
  toldOn!: string | null;
}
