import { arrayLiteral, type Tx } from '@fangpin/persistence';

export interface LastSlice extends Record<string, unknown> {
  readonly slice_no: number;
  readonly stored_at: Date;
  readonly origins: number[];
}

/** The slices that hold the last alert of each household under these origins, with those origins. */
export function lastSlices(tx: Tx, origins: readonly number[]): Promise<LastSlice[]> {
  return tx.query<LastSlice>(
    `WITH last AS MATERIALIZED (
       SELECT DISTINCT o.origin, a.slice_no
       FROM unnest($1::bigint[]) AS o (origin)
         CROSS JOIN LATERAL (
           SELECT DISTINCT ON (household_id) slice_no FROM alerts WHERE origin = o.origin
           ORDER BY household_id, revision DESC OFFSET 0) AS a
     )
     SELECT l.slice_no, s.stored_at, array_agg(l.origin ORDER BY l.origin) AS origins
     FROM last l CROSS JOIN LATERAL (SELECT stored_at FROM slices WHERE slice_no = l.slice_no OFFSET 0) AS s
     GROUP BY l.slice_no, s.stored_at ORDER BY l.slice_no`,
    [arrayLiteral(origins)],
  );
}
