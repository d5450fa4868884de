/** Prices as rows: one current value for each day of a series; a correction supersedes, a repeat changes nothing. */
import type { Tx } from '@fangpin/persistence';
import { Injectable } from '@nestjs/common';
import type { DayPrice } from './day-price.js';
import type { PricePoint } from './price-point.js';
import type { Series } from './price-policy.js';

export interface StoredSeries {
  readonly points: readonly PricePoint[];
  /** Days for which a sheet had several differing rows, and how many. */
  readonly several: ReadonlyMap<string, number>;
}

/** Names a series among others. */
export function seriesKey({ product, market }: Series): string {
  return `price-series:${product}:${market}`;
}

const FEN_PER_KG_SHARE = 1_000;

@Injectable()
export class PricePoints {
  /** Stores the prices, one a day and series. */
  async put(tx: Tx, prices: readonly DayPrice[], messageId: number, at: Date): Promise<void> {
    const column = <K extends keyof DayPrice>(key: K): DayPrice[K][] => prices.map((price) => price[key]);
    const keys = [column('product'), column('market'), column('day'), column('fenPerTonne')];
    await tx.query(
      `UPDATE price_points AS p SET superseded_at = $5
       FROM unnest($1::integer[], $2::text[], $3::date[], $4::bigint[]) AS new (product, market, day, fen_per_tonne)
       WHERE p.superseded_at IS NULL AND p.product = new.product AND p.market = new.market AND p.day = new.day
         AND p.fen_per_tonne <> new.fen_per_tonne`,
      [...keys, at],
    );
    await tx.query(
      `INSERT INTO price_points
         (product, market, day, fen_per_tonne, fen_per_kg, price_stated, unit_stated, rows_of_day, message_id)
       SELECT product, market, day, fen_per_tonne, greatest(1, round(fen_per_tonne / 1000.0)), price_stated, unit_stated,
         rows_of_day, $8
       FROM unnest($1::integer[], $2::text[], $3::date[], $4::bigint[], $5::text[], $6::text[], $7::integer[])
         AS new (product, market, day, fen_per_tonne, price_stated, unit_stated, rows_of_day)
       WHERE NOT EXISTS (SELECT FROM price_points AS p WHERE p.superseded_at IS NULL
         AND p.product = new.product AND p.market = new.market AND p.day = new.day)`,
      [...keys, column('priceStated'), column('unitStated'), column('rowsOfDay'), messageId],
    );
  }

  /** The current prices of many series in one statement, by {@link seriesKey}, each in the order of time. */
  async ofAll(tx: Tx, all: readonly Series[]): Promise<ReadonlyMap<string, StoredSeries>> {
    const rows = await tx.query<{
      product: number;
      market: string;
      days: string[];
      prices: string[];
      several: Record<string, number> | null;
    }>(
      `SELECT p.product, p.market, array_agg(p.day::text ORDER BY p.day) AS days,
         array_agg(p.fen_per_tonne::text ORDER BY p.day) AS prices,
         jsonb_object_agg(p.day::text, p.rows_of_day) FILTER (WHERE p.rows_of_day > 1) AS several
       FROM unnest($1::integer[], $2::text[]) AS wanted (product, market)
       JOIN price_points AS p ON p.product = wanted.product AND p.market = wanted.market AND p.superseded_at IS NULL
       GROUP BY p.product, p.market`,
      [all.map(({ product }) => product), all.map(({ market }) => market)],
    );
    return new Map(
      rows.map(({ product, market, days, prices, several }) => [
        seriesKey({ product, market }),
        {
          points: days.map((day, i) => ({ day, fenPerKg: Number(prices[i]) / FEN_PER_KG_SHARE })),
          several: new Map(Object.entries(several ?? {})),
        },
      ]),
    );
  }
}
