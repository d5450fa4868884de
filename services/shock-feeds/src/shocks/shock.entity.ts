import type { RegionCode } from '@fangpin/domain-kit';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Lane } from '@fangpin/policy';
import type { AreaDamage, PriceFallFacts, ShockEnd, ShockFacts, ShockState } from './shock.js';

export const shockOrigins = ['cap', 'snapshot', 'list', 'text', 'quake', 'price', 'report'] as const;
export type ShockOrigin = (typeof shockOrigins)[number];
export type CancelledBy = 'source' | 'officer' | 'correction' | 'merged';

/** The row; migrations/0001-create-shocks.sql and 0003-extend-shocks.sql are the truth. */
@Entity({ name: 'shocks' })
export class ShockEntity {
  @PrimaryColumn('uuid', { name: 'shock_id' })
  shockId!: string;

  @Column({ type: 'bigint', name: 'shock_no', insert: false, update: false })
  shockNo!: number;

  @Column('text')
  identity!: string;

  @Column('bigint')
  revision!: number;

  @Column('text')
  origin!: ShockOrigin;

  @Column('text')
  kind!: string;

  @Column('smallint')
  level!: number;

  @Column('boolean')
  observed!: boolean;

  @Column('text')
  lane!: Lane;

  @Column('text')
  state!: ShockState;

  @Column('text', { array: true })
  regions!: readonly RegionCode[];

  @Column('timestamptz')
  onset!: Date;

  @Column('timestamptz', { nullable: true })
  expires!: Date | null;

  @Column('timestamptz', { name: 'ends_due_at', nullable: true })
  endsDueAt!: Date | null;

  @Column('text')
  headline!: string;

  @Column('text')
  source!: string;

  @Column('text', { name: 'policy_version' })
  policyVersion!: string;

  @Column('date', { name: 'judged_on' })
  judgedOn!: string;

  @Column('jsonb')
  damage!: AreaDamage[];

  @Column('jsonb', { nullable: true })
  price!: PriceFallFacts | null;

  @Column('jsonb')
  facts!: ShockFacts;

  @Column('text', { name: 'ended_by', nullable: true })
  endedBy!: ShockEnd | null;

  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt!: Date | null;

  @Column('text', { name: 'cancelled_by', nullable: true })
  cancelledBy!: CancelledBy | null;

  @Column('text', { name: 'cancel_reason', nullable: true })
  cancelReason!: string | null;

  @Column('uuid', { name: 'merged_into', nullable: true })
  mergedInto!: string | null;

  @Column('boolean')
  published!: boolean;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;
}
