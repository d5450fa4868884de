/** Asks for areas to be judged anew. Rows are only added, so that nobody waits for a look under way. */
import { dutyRange, type RegionCode } from '@fangpin/domain-kit';
import { arrayLiteral, type Tx } from '@fangpin/persistence';
import { areaAbove, isJudgedIn, regionOf, SPAN, type Area } from './areas.js';
import { countiesLivedIn } from './counties-lived-in.js';

/** Townships have nine digits, counties six. */
const TOWNSHIPS_PER_COUNTY = 1_000;

/** Counties that a shock's slices touched, once its fan-out has settled. */
export async function askForLooksAfter(tx: Tx, origin: number): Promise<void> {
  await tx.execute(
    `INSERT INTO regional_looks (area)
     SELECT DISTINCT township / ${TOWNSHIPS_PER_COUNTY} FROM slices, unnest(townships) AS township WHERE origin = $1`,
    [origin],
  );
}

/** After a look at an area, one at the area above, where the cell holds that. Requests are taken in their order: those of other counties come first. */
export async function askForLookAbove(tx: Tx, area: Area, cell: RegionCode): Promise<void> {
  const above = areaAbove(area);
  if (above === undefined || !isJudgedIn(cell, above)) return;
  await tx.execute('INSERT INTO regional_looks (area) VALUES ($1)', [Number(regionOf(above))]);
}

/**
 * All areas that may have something to judge, when the sweep is due: counties of the cell in which anybody lives or lived at the last look,
 * and every area with a warning that is not over. One instance does it; the next is due `minutes` later. Answers whether it was due.
 */
export async function sweepWhenDue(tx: Tx, minutes: number, cell: RegionCode): Promise<boolean> {
  const [due] = await tx.query('SELECT 1 FROM regional_sweep WHERE due_at <= clock_timestamp() FOR UPDATE SKIP LOCKED');
  if (due === undefined) return false;
  await tx.execute(`UPDATE regional_sweep SET due_at = clock_timestamp() + make_interval(mins => $1)`, [minutes]);
  const lived = await countiesLivedIn(tx, dutyRange(cell));
  await tx.execute(
    `INSERT INTO regional_looks (area)
     SELECT area FROM (
       SELECT unnest($1::bigint[]) / ${SPAN.county} AS area
       UNION
       SELECT duty_code / ${SPAN.county} FROM regional_counties
       UNION
       SELECT duty_code / CASE level WHEN 'province' THEN ${SPAN.province} WHEN 'prefecture' THEN ${SPAN.prefecture} ELSE ${SPAN.county} END
       FROM (
         SELECT DISTINCT ON (duty_code, level, rule, subject) duty_code, level, state FROM regional_alert_history
         ORDER BY duty_code, level, rule, subject, revision DESC) AS last WHERE state <> 'ended'
     ) AS due
     -- Longer codes are of smaller areas: what is above is judged by what was counted below.
     ORDER BY area DESC`,
    [arrayLiteral(lived)],
  );
  return true;
}
