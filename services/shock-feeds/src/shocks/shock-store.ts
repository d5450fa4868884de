/** Shocks as rows: each change is a revision, a line of history and, where followers shall know, an event, all in one transaction. */
import { topics } from '@fangpin/contracts';
import { NotFound, nextRevision } from '@fangpin/domain-kit';
import { encodeEvent, Outbox } from '@fangpin/messaging';
import type { Tx } from '@fangpin/persistence';
import { currentTraceparent, epochOf } from '@fangpin/service-kit';
import { Injectable } from '@nestjs/common';
import { isDeepStrictEqual } from 'node:util';
import { shockEvent } from './shock-event.js';
import { ShockEntity, type CancelledBy, type ShockOrigin } from './shock.entity.js';
import type { ShockContent, ShockState } from './shock.js';
import { shockView } from './shock-view.js';

export interface ShockDraft {
  readonly content: ShockContent;
  readonly state: ShockState;
  readonly endsDueAt: Date | null;
  readonly cancelledBy?: CancelledBy | null;
  readonly cancelReason?: string | null;
  readonly mergedInto?: string | null;
}

export interface NewShock {
  readonly shockId: string;
  readonly identity: string;
  readonly origin: ShockOrigin;
}

export interface Change {
  readonly at: Date;
  readonly cause: 'accepted' | 'updated' | 'ended' | 'cancelled' | 'recorded';
  /** Followers hear of it; once they know a shock they hear of every change. */
  readonly publish: boolean;
}

@Injectable()
export class ShockStore {
  constructor(private readonly outbox: Outbox) {}

  /**
   * Holds the keys until the transaction ends, in one order for all, so that two messages of one chain are taken one after
   * the other and never lock each other out.
   */
  async lock(tx: Tx, keys: readonly string[]): Promise<void> {
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

  async create(tx: Tx, born: NewShock, draft: ShockDraft, change: Change): Promise<ShockEntity> {
    const shock = tx.manager.getRepository(ShockEntity).create({
      ...born,
      ...rowOf(draft),
      revision: nextRevision(await epochOf(tx), undefined),
      published: false,
      createdAt: change.at,
    });
    return this.#store(tx, shock, change);
  }

  /** Writes a new revision, unless nothing about the shock has changed. */
  async change(tx: Tx, shock: ShockEntity, draft: ShockDraft, change: Change): Promise<ShockEntity> {
    const next = rowOf(draft);
    const same = (Object.keys(next) as (keyof typeof next)[]).every((key) => isDeepStrictEqual(next[key], shock[key]));
    if (same && (shock.published || !change.publish)) return shock;
    const revision = nextRevision(await epochOf(tx), shock.revision);
    return this.#store(tx, { ...shock, ...next, revision }, change);
  }

  async #store(tx: Tx, shock: ShockEntity, change: Change): Promise<ShockEntity> {
    const publish = change.publish || shock.published;
    const row: ShockEntity = { ...shock, published: publish, updatedAt: change.at };
    const saved = await tx.manager.getRepository(ShockEntity).save(row);
    await tx.query(
      'INSERT INTO shock_revisions (shock_id, revision, at, cause, published, shock) VALUES ($1, $2, $3, $4, $5, $6)',
      [row.shockId, row.revision, change.at, change.cause, publish, JSON.stringify(shockView(saved))],
    );
    if (publish) {
      const traceparent = currentTraceparent();
      const message = encodeEvent(topics.shock, shockEvent(saved), {
        key: saved.shockId,
        at: change.at,
        ...(traceparent === undefined ? {} : { traceparent }),
      });
      await this.outbox.add(tx, topics.shock, [message]);
    }
    return saved;
  }
}

function rowOf(draft: ShockDraft) {
  const { content } = draft;
  return {
    kind: content.kind,
    level: content.level,
    observed: content.observed,
    lane: content.lane,
    state: draft.state,
    regions: [...content.regions],
    onset: content.onset,
    expires: content.expires,
    endsDueAt: draft.endsDueAt,
    headline: content.headline,
    source: content.source,
    policyVersion: content.policyVersion,
    judgedOn: content.judgedOn,
    damage: [...content.damage],
    price: content.price ?? null,
    cancelledBy: draft.cancelledBy ?? null,
    cancelReason: draft.cancelReason ?? null,
    mergedInto: draft.mergedInto ?? null,
  };
}

/** The content of a row, for a change that keeps it. */
export function contentOf(shock: ShockEntity): ShockContent {
  return {
    kind: shock.kind,
    level: shock.level,
    observed: shock.observed,
    lane: shock.lane,
    regions: shock.regions,
    onset: shock.onset,
    expires: shock.expires,
    headline: shock.headline,
    source: shock.source,
    policyVersion: shock.policyVersion,
    judgedOn: shock.judgedOn,
    damage: shock.damage,
    ...(shock.price === null ? {} : { price: shock.price }),
  };
}
