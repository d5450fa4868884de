/** Streams households with the livelihoods that a shock touches, in household order, one chunk in memory. */
import { copyOut, type Tx } from '@fangpin/persistence';
import type { ShockFacts } from '../loss/shock-facts.js';
import { TOWNSHIP_SPAN } from '../fan-out/township.js';
import type { ExposureTables } from './exposure-sets.js';
import { exposedColumns, exposedReader, type ExposedHousehold } from './exposure-row.js';
import { employerSql, number, numbers, schemeSql, touchedTest } from './touched.js';

export interface ExposureFilter {
  readonly townships?: readonly number[];
  readonly householdIds?: readonly number[];
}

/** Sorting a slice in memory instead of on disk. */
const WORK_MEM = '32MB';

/**
 * Streams the active households of an area (or the ones named) that have a livelihood which the shock touches, in order of
 * household, each with just those livelihoods. They stand in the household's row: joined with their table, the planner, which
 * cannot know how many rows a scope lets through, once chose two minutes instead of a second.
 */
export async function streamExposed(
  tx: Tx,
  tables: ExposureTables,
  { shock, products }: { readonly shock: ShockFacts; readonly products: readonly number[] },
  filter: ExposureFilter,
  onHousehold: (household: ExposedHousehold) => void,
  afterChunk?: () => Promise<void>,
): Promise<void> {
  const touched = touchedTest(shock, products);
  const sql = `SELECT ${exposedColumns(shock)} FROM ${tables.households} WHERE ${filterSql(filter, shock)} ORDER BY household_id`;
  const read = exposedReader(shock, touched);
  await tx.execute(`SET LOCAL work_mem = '${WORK_MEM}'`);
  await copyOut(
    tx.client,
    sql,
    (row) => {
      const household = read(row);
      if (household.livelihoods.length > 0) onHousehold(household);
    },
    afterChunk,
  );
}

function filterSql(filter: ExposureFilter, shock: ShockFacts): string {
  const conditions = ['active'];
  const firm = employerSql(shock);
  // A firm employs few of a township: the others need not come here to be dropped.
  if (firm !== undefined) conditions.push(`${firm} = ANY(employers)`);
  conditions.push(...(schemeSql(shock) ?? []));
  if (filter.townships) {
    const lo = Math.min(...filter.townships) * TOWNSHIP_SPAN;
    const hi = (Math.max(...filter.townships) + 1) * TOWNSHIP_SPAN;
    conditions.push(`duty_code >= ${number(lo)} AND duty_code < ${number(hi)}`);
    conditions.push(`duty_code / ${TOWNSHIP_SPAN} = ANY('{${numbers(filter.townships)}}')`);
  }
  if (filter.householdIds) conditions.push(`household_id = ANY('{${numbers(filter.householdIds)}}')`);
  return conditions.join(' AND ');
}
