import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { CapMessage, Problem } from '../cap/cap-message.js';
import type { Basis } from '../intake/basis.js';
import type { ShockOrigin } from './shock.entity.js';
import type { StoredStatement } from './stored-statement.js';

export type MessageOrigin = ShockOrigin | 'officer';
export type StoredOutcome = 'accepted' | 'updated' | 'cancelled' | 'recorded' | 'quarantined' | 'dropped';

/** The row; migrations/0001-create-shocks.sql and 0014-keep-what-policy-was-applied-to.sql are the truth. */
@Entity({ name: 'shock_messages' })
export class ShockMessageEntity {
  @PrimaryGeneratedColumn('identity', { name: 'message_id', type: 'bigint' })
  messageId!: number;

  @Column('text', { name: 'message_key' })
  messageKey!: string;

  @Column('text')
  origin!: MessageOrigin;

  @Column('bytea')
  digest!: Buffer;

  @Column('timestamptz', { name: 'received_at' })
  receivedAt!: Date;

  @Column('text', { name: 'received_by' })
  receivedBy!: string;

  @Column('timestamptz', { name: 'as_of', nullable: true })
  asOf!: Date | null;

  @Column('text')
  outcome!: StoredOutcome;

  @Column('jsonb')
  problems!: Problem[];

  @Column('uuid', { name: 'shock_id', nullable: true })
  shockId!: string | null;

  @Column('jsonb', { nullable: true })
  statement!: StoredStatement | null;

  // Read only where another version of the policy is applied.
  @Column('jsonb', { nullable: true, select: false })
  basis!: Basis | null;

  @Column('jsonb', { nullable: true })
  said!: CapMessage | null;

  // Up to the body limit: read only where it is asked for.
  @Column('bytea', { nullable: true, select: false })
  raw!: Buffer | null;

  @Column('jsonb', { nullable: true })
  answer!: object | null;

  @Column('timestamptz', { name: 'settled_at', nullable: true })
  settledAt!: Date | null;

  @Column('text', { name: 'settled_by', nullable: true })
  settledBy!: string | null;

  @Column('jsonb', { nullable: true })
  settlement!: object | null;
}
