import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One revision of an alert, as stored; see migrations/0002. Rows are inserted by the fan-out and only read here. */
@Entity({ name: 'alerts' })
export class AlertEntity {
  @PrimaryColumn({ type: 'bigint' })
  origin!: number;

  @PrimaryColumn({ name: 'household_id', type: 'bigint' })
  householdId!: number;

  @PrimaryColumn({ type: 'bigint' })
  revision!: number;

  @Column({ name: 'duty_code', type: 'bigint' })
  dutyCode!: number;

  @Column({ name: 'slice_no', type: 'bigint' })
  sliceNo!: number;

  @Column({ name: 'loss_low_fen', type: 'bigint' })
  lossLowFen!: number;

  @Column({ name: 'loss_fen', type: 'bigint' })
  lossFen!: number;

  @Column({ name: 'loss_high_fen', type: 'bigint' })
  lossHighFen!: number;

  @Column({ name: 'per_capita_fen', type: 'bigint', nullable: true })
  perCapitaFen!: number | null;

  @Column({ name: 'projected_fen', type: 'bigint', nullable: true })
  projectedFen!: number | null;

  @Column({ type: 'int' })
  persons!: number;

  @Column({ type: 'smallint' })
  state!: number;

  @Column({ type: 'smallint' })
  severity!: number;

  @Column({ type: 'smallint' })
  reasons!: number;

  @Column({ type: 'bigint', array: true })
  inputs!: number[];

  @Column({ name: 'wage_fen_per_worker', type: 'bigint', nullable: true })
  wageFenPerWorker!: number | null;
}
