/** Shocks as rows: each change is a revision, a line of history and, where followers shall know, an event, all in one transaction. */
import { NotFound } from '@fangpin/domain-kit';
import { Outbox } from '@fangpin/messaging';
import type { Tx } from '@fangpin/persistence';
import { epochOf } from '@fangpin/service-kit';
import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import type { ShockDraft } from './shock-draft.js';
import { ShockWrites, type Change, type NewShock } from './shock-writes.js';
import { ShockEntity } from './shock.entity.js';

export { contentOf, type ShockDraft } from './shock-draft.js';
export type { Change, NewShock } from './shock-writes.js';

/** One shock among many that are written together: new with `born`, else a change of `before`. */
export interface ShockWrite {
  readonly before?: ShockEntity | undefined;
  readonly born?: NewShock;
  readonly draft: ShockDraft;
  readonly change: Change;
}

/** Past so many keys a transaction takes the gate alone: the server has room for some thousands of locks. */
const MANY_KEYS = 256;
const GATE = "hashtextextended('shock-feeds: gate of statements', 0)";

@Injectable()
export class ShockStore {
  /** Transactions that share the gate: one that asked for it alone now could wait for another that does the same. */
  readonly #sharing = new WeakSet<Tx>();

  constructor(private readonly outbox: Outbox) {}

  /**
   * Holds the keys until the transaction ends, in one order for all, so that two messages of one chain are taken one after
   * the other and never lock each other out. A large set holds everything, unless its transaction has locked a small one
   * before: lock in one call what may be large.
   */
  async lock(tx: Tx, keys: readonly string[]): Promise<void> {
    if (keys.length > MANY_KEYS && !this.#sharing.has(tx))
      return void (await tx.query(`SELECT pg_advisory_xact_lock(${GATE})`));
    this.#sharing.add(tx);
    await tx.query(`SELECT pg_advisory_xact_lock_shared(${GATE})`);
    await tx.query(
      `SELECT pg_advisory_xact_lock(hash) FROM
         (SELECT DISTINCT hashtextextended(key, 0) AS hash FROM unnest($1::text[]) AS key ORDER BY hash) AS ordered`,
      [keys],
    );
  }

  async findShock(tx: Tx, shockId: string): Promise<ShockEntity | null> {
    return tx.manager.getRepository(ShockEntity).findOneBy({ shockId });
  }

  /** Locked until the transaction ends; one that was merged answers as the one that took it over. */
  async getForUpdate(tx: Tx, shockId: string): Promise<ShockEntity> {
    const shock = await tx.manager
      .getRepository(ShockEntity)
      .findOne({ where: { shockId }, lock: { mode: 'pessimistic_write' } });
    if (shock === null) throw new NotFound('shock', shockId);
    return shock.mergedInto === null ? shock : this.getForUpdate(tx, shock.mergedInto);
  }

  /** Those of the ids that exist, the oldest first, locked until the transaction ends. */
  async findManyForUpdate(tx: Tx, shockIds: readonly string[]): Promise<ShockEntity[]> {
    if (shockIds.length === 0) return [];
    return tx.manager.getRepository(ShockEntity).find({
      where: { shockId: In([...new Set(shockIds)]) },
      order: { shockNo: 'ASC' },
      lock: { mode: 'pessimistic_write' },
    });
  }

  /** A pen for many changes in one transaction; nothing is written before its `flush`. */
  async writes(tx: Tx): Promise<ShockWrites> {
    return new ShockWrites(tx, await epochOf(tx), this.outbox);
  }

  /** Many shocks with their revisions and events in a few statements, in the order given. */
  async saveAll(tx: Tx, all: readonly ShockWrite[]): Promise<ShockEntity[]> {
    const writes = await this.writes(tx);
    const saved = all.map(({ before, born, draft, change }) => {
      if (before !== undefined) return writes.change(before, draft, change);
      if (born === undefined) throw new Error('a shock is born or changed');
      return writes.create(born, draft, change);
    });
    await writes.flush();
    return saved;
  }

  async create(tx: Tx, born: NewShock, draft: ShockDraft, change: Change): Promise<ShockEntity> {
    const [saved] = await this.saveAll(tx, [{ born, draft, change }]);
    return saved as ShockEntity;
  }

  /** Writes a new revision, unless nothing about the shock has changed. */
  async change(tx: Tx, before: ShockEntity, draft: ShockDraft, change: Change): Promise<ShockEntity> {
    const [saved] = await this.saveAll(tx, [{ before, draft, change }]);
    return saved as ShockEntity;
  }
}
