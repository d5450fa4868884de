import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A row of `households`; codes as in codes.ts. */
@Entity('households')
export class HouseholdEntity {
  @PrimaryColumn({ name: 'household_id', type: 'bigint' })
  id!: number;

  @Column({ type: 'bigint' })
  revision!: number;

  @Column({ name: 'duty_code', type: 'bigint' })
  dutyCode!: number;

  @Column({ type: 'smallint' })
  state!: number;

  @Column({ name: 'household_group', type: 'smallint' })
  group!: number;

  @Column({ type: 'smallint' })
  monitoring!: number;

  @Column({ name: 'monitoring_since', type: 'date', nullable: true })
  monitoringSince!: string | null;

  @Column({ type: 'smallint' })
  dwelling!: number;

  @Column({ name: 'only_dwelling', type: 'boolean' })
  onlyDwelling!: boolean;

  @Column({ name: 'water_scheme', type: 'text' })
  waterScheme!: string;

  @Column({ name: 'origin_code', type: 'bigint', nullable: true })
  originCode!: number | null;

  @Column({ name: 'source_key', type: 'text', nullable: true })
  sourceKey!: string | null;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Column({ name: 'updated_at', type: 'timestamptz' })
  updatedAt!: Date;
}
