import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A revision of a household's figure; the highest is in force. Months are counted from the year 0, money is in fen. */
@Entity('assessments')
export class AssessmentEntity {
  @PrimaryColumn({ name: 'household_id', type: 'bigint' })
  householdId!: number;

  @PrimaryColumn({ name: 'revision', type: 'bigint' })
  revision!: number;

  @Column({ name: 'duty_code', type: 'bigint' })
  dutyCode!: number;

  @Column({ name: 'window_from', type: 'integer' })
  windowFrom!: number;

  @Column({ name: 'window_to', type: 'integer' })
  windowTo!: number;

  @Column({ name: 'persons', type: 'integer' })
  persons!: number;

  @Column({ name: 'wage_fen', type: 'bigint' })
  wageFen!: number;

  @Column({ name: 'business_fen', type: 'bigint' })
  businessFen!: number;

  @Column({ name: 'property_fen', type: 'bigint' })
  propertyFen!: number;

  @Column({ name: 'transfer_fen', type: 'bigint' })
  transferFen!: number;

  @Column({ name: 'production_cost_fen', type: 'bigint' })
  productionCostFen!: number;

  @Column({ name: 'per_capita_fen', type: 'bigint' })
  perCapitaFen!: number;

  @Column({ name: 'out_of_pocket_fen', type: 'bigint' })
  outOfPocketFen!: number;

  @Column({ name: 'insurance_payout_fen', type: 'bigint' })
  insurancePayoutFen!: number;

  @Column({ name: 'closed', type: 'boolean' })
  closed!: boolean;

  @Column({ name: 'batch_id', type: 'bigint' })
  batchId!: number;

  @Column({ name: 'assessed_at', type: 'timestamptz' })
  assessedAt!: Date;
}
