/** Recomputes price series and brings their shocks into line with them: a few statements for any number of series. */
import type { Tx } from '@fangpin/persistence';
import { PolicySet } from '@fangpin/policy';
import { Injectable } from '@nestjs/common';
import { ShockEntity } from '../shocks/shock.entity.js';
import { ShockStore, type ShockDraft, type ShockWrite } from '../shocks/shock-store.js';
import { grainOf, judgePrices, type JudgedPrices } from './judge-prices.rule.js';
import type { PriceMark } from './mark-prices.rule.js';
import { draftsAnew, planShocks, type Planned, type SeriesShocks } from './plan-shocks.js';
import { pricePolicy, type Series } from './price-policy.js';
import { PricePoints, seriesKey, type StoredSeries } from './price-points.js';

export interface JudgedShock {
  readonly shock: ShockEntity;
  readonly endedOn?: string;
  /** This very judgement gave it a new revision. */
  readonly changed: boolean;
}

export interface JudgedSeries {
  readonly series: Series;
  /** Every shock that the series has or had, by their first days. */
  readonly shocks: readonly JudgedShock[];
  readonly marks: readonly PriceMark[];
  readonly several: ReadonlyMap<string, number>;
}

const NONE: StoredSeries = { points: [], several: new Map() };

@Injectable()
export class JudgeSeries {
  constructor(
    private readonly points: PricePoints,
    private readonly shocks: ShockStore,
    private readonly policy: PolicySet,
  ) {}

  /** The caller holds the locks of all the series. */
  async judgeAll(tx: Tx, all: readonly Series[], at: Date): Promise<JudgedSeries[]> {
    const planned = (await this.#read(tx, all, at, 'held')).map(({ cases, marks, several, context }) => ({
      series: context.series,
      marks,
      several,
      plans: planShocks(cases, context),
    }));
    const plans = planned.flatMap((one) => one.plans);
    const writes = plans.flatMap(({ write }) => (write === undefined ? [] : [write]));
    const saved = await this.shocks.saveAll(tx, writes);
    await this.#letLive(tx, plans);
    const byWrite = new Map(writes.map((write, i) => [write, saved[i] as ShockEntity]));
    return planned.map(({ series, marks, several, plans: own }) => ({
      series,
      marks,
      several,
      shocks: own.map((plan) => judged(plan, byWrite)).sort((a, b) => (fromDay(a) < fromDay(b) ? -1 : 1)),
    }));
  }

  /**
   * What the prices say of shocks under the present policy, whether or not that is news. Nothing is written and no shock is held: a
   * list of months would keep quotations waiting. Whoever writes it holds the shocks themselves.
   */
  async draftsOf(tx: Tx, shocks: readonly ShockEntity[], at: Date): Promise<ReadonlyMap<string, ShockDraft>> {
    const all = new Map(
      shocks.flatMap(({ price }) => {
        if (price === null) return [];
        const series = { product: price.product, market: price.market };
        return [[seriesKey(series), series] as const];
      }),
    );
    const read = await this.#read(tx, [...all.values()], at, 'free');
    return new Map(read.flatMap(({ cases, context }) => [...draftsAnew(cases, context)]));
  }

  /** A price that is no news to followers makes no revision; the series has spoken all the same. */
  async #letLive(tx: Tx, plans: readonly Planned[]): Promise<void> {
    const moved = plans.flatMap(({ known, livesUntil }) =>
      known?.state === 'open' && livesUntil !== undefined && known.endsDueAt?.getTime() !== livesUntil?.getTime()
        ? [{ id: known.shockId, until: livesUntil }]
        : [],
    );
    if (moved.length === 0) return;
    await tx.execute(
      `UPDATE shocks SET ends_due_at = new.until FROM unnest($1::uuid[], $2::timestamptz[]) AS new (id, until) WHERE shock_id = new.id`,
      [moved.map(({ id }) => id), moved.map(({ until }) => until)],
    );
  }

  async #read(
    tx: Tx,
    all: readonly Series[],
    at: Date,
    shocks: 'held' | 'free',
  ): Promise<(JudgedPrices & Pick<StoredSeries, 'several'> & { readonly context: SeriesShocks })[]> {
    if (all.length === 0) return [];
    const grains = all.flatMap((series) => grainOf(series) ?? []);
    const wanted = new Map([...all, ...grains].map((series) => [seriesKey(series), series]));
    const stored = await this.points.ofAll(tx, [...wanted.values()]);
    const known = Map.groupBy(await this.#shocksOf(tx, all, shocks), ({ price }) =>
      price === null ? '' : seriesKey({ product: price.product, market: price.market }),
    );
    return all.map((series) => {
      const policy = pricePolicy(series, this.policy);
      const grain = grainOf(series);
      const { points, several } = stored.get(seriesKey(series)) ?? NONE;
      const judgedPrices = judgePrices(
        series,
        points,
        policy,
        grain && {
          points: (stored.get(seriesKey(grain)) ?? NONE).points,
          policy: pricePolicy(grain, this.policy),
        },
      );
      const context = {
        series,
        policy,
        policyVersion: this.policy.version,
        stored: known.get(seriesKey(series)) ?? [],
        at,
      };
      return { ...judgedPrices, several, context };
    });
  }

  async #shocksOf(tx: Tx, all: readonly Series[], shocks: 'held' | 'free'): Promise<ShockEntity[]> {
    const select = tx.manager
      .getRepository(ShockEntity)
      .createQueryBuilder('shock')
      .where(
        `origin = 'price' AND (price ->> 'product', price ->> 'market') IN
           (SELECT product, market FROM unnest(:products::text[], :markets::text[]) AS wanted (product, market))`,
        { products: all.map(({ product }) => String(product)), markets: all.map(({ market }) => market) },
      )
      .orderBy('shock.shockNo');
    if (shocks === 'held') select.setLock('pessimistic_write');
    return select.getMany();
  }
}

function judged({ write, known, endedOn }: Planned, byWrite: ReadonlyMap<ShockWrite, ShockEntity>): JudgedShock {
  const shock = (write === undefined ? known : byWrite.get(write)) as ShockEntity;
  return { shock, ...(endedOn === undefined ? {} : { endedOn }), changed: shock.revision !== known?.revision };
}

function fromDay({ shock }: JudgedShock): string {
  return shock.price?.fromDay ?? '';
}
