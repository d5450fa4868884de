import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A row of `household_members`; codes as in codes.ts. */
@Entity('household_members')
export class HouseholdMemberEntity {
  @PrimaryColumn({ name: 'household_id', type: 'bigint' })
  householdId!: number;

  @PrimaryColumn({ name: 'member_no', type: 'smallint' })
  memberNo!: number;

  @Column({ name: 'duty_code', type: 'bigint' })
  dutyCode!: number;

  @Column({ name: 'birth_year', type: 'smallint' })
  birthYear!: number;

  @Column({ type: 'smallint' })
  sex!: number;

  @Column({ type: 'smallint' })
  relation!: number;

  @Column({ type: 'smallint' })
  labour!: number;

  @Column({ type: 'smallint' })
  schooling!: number;

  @Column({ type: 'boolean' })
  chronic!: boolean;

  @Column({ name: 'major_illness', type: 'boolean' })
  majorIllness!: boolean;

  @Column({ name: 'disability_grade', type: 'smallint' })
  disabilityGrade!: number;

  @Column({ name: 'work_months', type: 'smallint' })
  workMonths!: number;

  @Column({ name: 'work_branch', type: 'smallint' })
  workBranch!: number;

  @Column({ type: 'date', nullable: true })
  since!: string | null;

  @Column({ name: 'id_hash', type: 'bytea', nullable: true })
  idHash!: Buffer | null;
}
