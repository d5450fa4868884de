/** The use case behind `GET /v1/shocks/market-prices`: a stored series as the rules see it, each price with its marks. */
import { findMarketProductByName } from '@fangpin/contracts';
import { InvalidValue } from '@fangpin/domain-kit';
import { cellScope, Database } from '@fangpin/persistence';
import { PolicySet } from '@fangpin/policy';
import { Injectable } from '@nestjs/common';
import { markPrices } from './mark-prices.rule.js';
import { marksOf, type PriceMarkAnswer } from './price-marks.js';
import { pricePolicy } from './price-policy.js';
import { PricePoints, seriesKey } from './price-points.js';

export interface SeriesAnswer {
  readonly product: string;
  readonly market: string;
  readonly prices: readonly {
    readonly date: string;
    /** With thousandths, as ratios are taken of it. */
    readonly fenPerKg: number;
    readonly marks: readonly Pick<PriceMarkAnswer, 'mark' | 'text'>[];
  }[];
}

export interface SeriesQuestion {
  readonly product: string;
  readonly market: string;
  /** First and last day shown; marks come from the whole series. */
  readonly from?: string;
  readonly to?: string;
}

@Injectable()
export class ReadSeries {
  constructor(
    private readonly database: Database,
    private readonly points: PricePoints,
    private readonly policy: PolicySet,
  ) {}

  /** Refuses a product that no sheet names; a series without a price has none. */
  async read({ product: name, market, from = '', to = '9999' }: SeriesQuestion): Promise<SeriesAnswer> {
    const product = findMarketProductByName(name);
    if (product === undefined) throw new InvalidValue('product', name, 'unknown product');
    const series = { product: product.code, market };
    const stored = await this.database.transaction(cellScope('http:shocks'), (tx) => this.points.ofAll(tx, [series]));
    const { points, several } = stored.get(seriesKey(series)) ?? { points: [], several: new Map<string, number>() };
    const shown = points.filter(({ day }) => day >= from && day <= to);
    const { marks } = markPrices(points, pricePolicy(series, this.policy).series);
    const said = Map.groupBy(
      marksOf({ series, marks, several }, new Set(shown.map(({ day }) => day))),
      ({ date }) => date,
    );
    return {
      product: product.name,
      market,
      prices: shown.map(({ day, fenPerKg }) => ({
        date: day,
        fenPerKg,
        marks: (said.get(day) ?? []).map(({ mark, text }) => ({ mark, text })),
      })),
    };
  }
}
