import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A row of `village_questions`; migrations are the truth about the table. Codes of state: question-states.ts. */
@Entity('village_questions')
export class QuestionEntity {
  @PrimaryColumn({ type: 'bigint' })
  origin!: number;

  @PrimaryColumn({ name: 'duty_code', type: 'bigint' })
  dutyCode!: number;

  @Column({ type: 'bigint' })
  revision!: number;

  @Column({ name: 'asked_at', type: 'timestamptz' })
  askedAt!: Date;

  @Column({ name: 'due_at', type: 'timestamptz' })
  dueAt!: Date;

  @Column({ type: 'smallint' })
  severity!: number;

  @Column({ type: 'smallint' })
  state!: number;

  @Column({ name: 'first_answered_at', type: 'timestamptz', nullable: true })
  firstAnsweredAt!: Date | null;

  @Column({ name: 'answered_at', type: 'timestamptz', nullable: true })
  answeredAt!: Date | null;

  @Column({ name: 'crop_hit_centimu', type: 'bigint', nullable: true })
  cropHitCentimu!: number | null;

  @Column({ name: 'crop_lost_centimu', type: 'bigint', nullable: true })
  cropLostCentimu!: number | null;

  @Column({ name: 'houses_collapsed', type: 'integer', nullable: true })
  housesCollapsed!: number | null;

  @Column({ name: 'houses_damaged', type: 'integer', nullable: true })
  housesDamaged!: number | null;

  @Column({ type: 'smallint', array: true })
  products!: number[];
}
