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
           SELECT household_id, max(revision) AS revision FROM (
             SELECT household_id, revision FROM finding_alert_log WHERE origin = o.origin
             UNION ALL SELECT household_id, revision FROM joint_alert_log WHERE origin = o.origin) AS logged
           GROUP BY household_id OFFSET 0) AS said
         CROSS JOIN LATERAL (
           SELECT slice_no FROM alerts
           WHERE origin = o.origin AND household_id = said.household_id AND revision = said.revision OFFSET 0) AS a
     )
     SELECT l.slice_no, s.stored_at, array_agg(l.origin ORDER BY l.origin) AS origins
     FROM last l CROSS JOIN LATERAL (SELECT stored_at FROM slices WHERE slice_no = l.slice_no OFFSET 0) AS s
     GROUP BY l.slice_no, s.stored_at ORDER BY l.slice_no`,
    [arrayLiteral(origins)],
  );
}
