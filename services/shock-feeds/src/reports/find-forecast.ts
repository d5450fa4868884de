/** Finds the notice that a report is what has become of, where the report names none. */
import { findShockKind } from '@fangpin/contracts';
import { COUNTRY } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import type { ForecastMatch } from '@fangpin/policy';
import type { ShockReport } from './report.js';

const HOUR_MS = 3_600_000;

/**
 * The notice of the report's kind, or of one that may announce it, over the same area and within the policy's hours of the
 * report's onset; by the times that both state, so that a replay finds the same. Of several the highest level, then the one
 * nearest before. Warnings that were only recorded asked nobody, and are not looked for.
 */
export async function findForecast(tx: Tx, report: ShockReport, match: ForecastMatch): Promise<string | undefined> {
  if (!report.observed || findShockKind(report.kind)?.family !== 'nature') return undefined;
  const margin = match.hours * HOUR_MS;
  const [found] = await tx.query<{ shock_id: string }>(
    `SELECT shock_id FROM shocks s
     WHERE NOT s.observed AND s.lane = 'notice' AND s.state <> 'cancelled' AND s.merged_into IS NULL
       AND s.kind = ANY($1) AND s.onset <= $2 AND coalesce(s.expires, s.onset) >= $3
       AND EXISTS (SELECT FROM unnest(s.regions) AS theirs, unnest($4::text[]) AS ours
                   WHERE theirs = $5 OR ours = $5 OR starts_with(theirs, ours) OR starts_with(ours, theirs))
     ORDER BY s.level DESC, abs(extract(epoch FROM s.onset - $6::timestamptz)), s.shock_id LIMIT 1`,
    [
      [report.kind, ...match.kinds],
      new Date(report.onset.getTime() + margin),
      new Date(report.onset.getTime() - margin),
      report.regions,
      COUNTRY,
      report.onset,
    ],
  );
  return found?.shock_id;
}
