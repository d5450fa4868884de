import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A row of `livelihoods`. */
@Entity('livelihoods')
export class LivelihoodEntity {
  @PrimaryColumn({ name: 'household_id', type: 'bigint' })
  householdId!: number;

  @PrimaryColumn({ name: 'livelihood_no', type: 'smallint' })
  livelihoodNo!: number;

  @Column({ name: 'duty_code', type: 'bigint' })
  dutyCode!: number;

  @Column({ type: 'smallint' })
  kind!: number;

  @Column({ type: 'smallint' })
  product!: number;

  @Column({ name: 'place_code', type: 'bigint' })
  placeCode!: number;

  @Column({ type: 'integer' })
  quantity!: number;

  @Column({ type: 'text', nullable: true })
  employer!: string | null;
}
