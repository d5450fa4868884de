/** Prices as rows: one current value for each day of a series; a correction supersedes, a repeat changes nothing. */
import type { Tx } from '@fangpin/persistence';
import { Injectable } from '@nestjs/common';
import type { PricePoint } from './price-fall.rule.js';
import type { PriceRow } from './price-row.js';
import type { Series } from './price-shock.js';

@Injectable()
export class PricePoints {
  /** Stores the rows; of several for one day the last counts. */
  async put(tx: Tx, rows: readonly PriceRow[], messageId: number, at: Date): Promise<void> {
    const last = new Map(rows.map((row) => [`${row.product}/${row.day}/${row.market}`, row]));
    const kept = [...last.values()];
    const column = <K extends keyof PriceRow>(key: K): PriceRow[K][] => kept.map((row) => row[key]);
    const keys = [column('product'), column('market'), column('day'), column('fenPerKg')];
    await tx.query(
      `UPDATE price_points AS p SET superseded_at = $5
       FROM unnest($1::integer[], $2::text[], $3::date[], $4::bigint[]) AS new (product, market, day, fen_per_kg)
       WHERE p.superseded_at IS NULL AND p.product = new.product AND p.market = new.market AND p.day = new.day
         AND p.fen_per_kg <> new.fen_per_kg`,
      [...keys, at],
    );
    await tx.query(
      `INSERT INTO price_points (product, market, day, fen_per_kg, price_stated, unit_stated, message_id)
       SELECT product, market, day, fen_per_kg, price_stated, unit_stated, $7
       FROM unnest($1::integer[], $2::text[], $3::date[], $4::bigint[], $5::text[], $6::text[])
         AS new (product, market, day, fen_per_kg, price_stated, unit_stated)
       WHERE NOT EXISTS (SELECT FROM price_points AS p WHERE p.superseded_at IS NULL
         AND p.product = new.product AND p.market = new.market AND p.day = new.day)`,
      [...keys, column('priceStated'), column('unitStated'), messageId],
    );
  }

  async of(tx: Tx, series: Series): Promise<PricePoint[]> {
    const rows = await tx.query<{ day: string; fen_per_kg: number }>(
      `SELECT day, fen_per_kg FROM price_points
       WHERE superseded_at IS NULL AND product = $1 AND market = $2 ORDER BY day`,
      [series.product, series.market],
    );
    return rows.map((row) => ({ day: row.day, fenPerKg: row.fen_per_kg }));
  }
}
