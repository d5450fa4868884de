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
 * All counties of the cell in which anybody lives or that were ever looked at, when the sweep is due; the areas above follow. One
 * instance does it; the next is due `minutes` later. Answers whether it was due.
 */
export async function sweepWhenDue(tx: Tx, minutes: number, cell: RegionCode): Promise<boolean> {
  const [due] = await tx.query('SELECT 1 FROM regional_sweep WHERE due_at <= clock_timestamp() FOR UPDATE SKIP LOCKED');
  if (due === undefined) return false;
  await tx.execute(`UPDATE regional_sweep SET due_at = clock_timestamp() + make_interval(mins => $1)`, [minutes]);
  await tx.execute(
    `INSERT INTO regional_looks (area)
     SELECT county / ${SPAN.county} FROM (
       SELECT unnest($1::bigint[]) AS county UNION SELECT duty_code FROM regional_counties) AS known`,
    [arrayLiteral(await countiesLivedIn(tx, dutyRange(cell)))],
  );
  return true;
}
