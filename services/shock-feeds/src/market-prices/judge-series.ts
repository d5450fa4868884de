/** Recomputes one price series and brings its shocks into line with it. */
import type { Tx } from '@fangpin/persistence';
import { PolicySet } from '@fangpin/policy';
import { Injectable } from '@nestjs/common';
import { ShockEntity } from '../shocks/shock.entity.js';
import { shockIdOf } from '../shocks/shock-id.js';
import type { ShockContent } from '../shocks/shock.js';
import { contentOf, ShockStore, type ShockDraft } from '../shocks/shock-store.js';
import { matchEpisodes } from './match-episodes.rule.js';
import { findPriceFalls, type PriceFallEpisode } from './price-fall.rule.js';
import { PricePoints } from './price-points.js';
import { priceFallRule, priceShock, type Series } from './price-shock.js';

export interface JudgedShock {
  readonly shock: ShockEntity;
  readonly endedOn?: string;
  /** This very judgement gave it a new revision. */
  readonly changed: boolean;
}

@Injectable()
export class JudgeSeries {
  constructor(
    private readonly points: PricePoints,
    private readonly shocks: ShockStore,
    private readonly policy: PolicySet,
  ) {}

  /** Every shock that the series has or had; the caller holds the series' lock. */
  async judge(tx: Tx, series: Series, at: Date): Promise<JudgedShock[]> {
    const episodes = findPriceFalls(await this.points.of(tx, series), priceFallRule(series, this.policy));
    const stored = await this.#shocksOf(tx, series);
    const { pairs, gone } = matchEpisodes(
      episodes,
      stored.map(({ shockId, price }) => ({ shockId, from: price?.fromDay ?? '', to: price?.latestDay ?? '' })),
    );
    const judged: JudgedShock[] = [];
    for (const { episode, shockId } of pairs) {
      const known = stored.find((shock) => shock.shockId === shockId);
      const shock = await this.#follow(tx, series, episode, known, at);
      const ended = episode.endedOn === undefined ? {} : { endedOn: episode.endedOn };
      judged.push({ shock, ...ended, changed: shock.revision !== known?.revision });
    }
    for (const shockId of gone) {
      const known = stored.find((shock) => shock.shockId === shockId) as ShockEntity;
      const shock = await this.#recall(tx, known, at);
      judged.push({ shock, changed: shock.revision !== known.revision });
    }
    return judged.sort((a, b) => (fromDay(a) < fromDay(b) ? -1 : 1));
  }

  async #shocksOf(tx: Tx, { product, market }: Series): Promise<ShockEntity[]> {
    return tx.manager
      .getRepository(ShockEntity)
      .createQueryBuilder('shock')
      .where("origin = 'price' AND price ->> 'product' = :product AND price ->> 'market' = :market", {
        product: String(product),
        market,
      })
      .setLock('pessimistic_write')
      .getMany();
  }

  async #follow(
    tx: Tx,
    series: Series,
    episode: PriceFallEpisode,
    known: ShockEntity | undefined,
    at: Date,
  ): Promise<ShockEntity> {
    const content = priceShock(series, episode, this.policy);
    const state = episode.endedOn === undefined ? 'open' : 'ended';
    const publish = content.regions.length > 0;
    if (known === undefined) {
      const identity = `price:${series.product}:${series.market}:${episode.from}`;
      const born = { shockId: shockIdOf(identity), identity, origin: 'price' } as const;
      return this.shocks.create(tx, born, { content, state, endsDueAt: null }, { at, cause: 'accepted', publish });
    }
    // What an officer called off stays off: the prices were known to them.
    if (known.cancelledBy === 'officer') return known;
    if (known.state === state && !materially(contentOf(known), content)) return known;
    const draft: ShockDraft = { content, state, endsDueAt: null };
    return this.shocks.change(tx, known, draft, { at, cause: state === 'ended' ? 'ended' : 'updated', publish });
  }

  async #recall(tx: Tx, known: ShockEntity, at: Date): Promise<ShockEntity> {
    if (known.state === 'cancelled') return known;
    const draft: ShockDraft = {
      content: contentOf(known),
      state: 'cancelled',
      endsDueAt: null,
      cancelledBy: 'correction',
      cancelReason: '价格更正后不再构成价格下跌',
    };
    return this.shocks.change(tx, known, draft, { at, cause: 'cancelled', publish: false });
  }
}

/**
 * Followers look at every household again for each revision, so a week's small step is none: a revision comes with a
 * further level, another first day, another reference, another lane.
 */
function materially(before: ShockContent, after: ShockContent): boolean {
  return (
    before.level !== after.level ||
    before.lane !== after.lane ||
    before.price?.fromDay !== after.price?.fromDay ||
    before.price?.referenceFenPerKg !== after.price?.referenceFenPerKg
  );
}

function fromDay({ shock }: JudgedShock): string {
  return shock.price?.fromDay ?? '';
}
