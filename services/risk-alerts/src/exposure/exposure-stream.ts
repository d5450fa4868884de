/** Streams households with the livelihoods that a shock touches, in household order, one chunk in memory. */
import { isWithin, type DutyRange } from '@fangpin/domain-kit';
import { copyOut, type CopyRow, type Tx } from '@fangpin/persistence';
import { householdFacts, type AssessedHousehold, type ExposedLivelihood } from '../loss/household.js';
import type { ShockFacts } from '../loss/shock-facts.js';
import { TOWNSHIP_SPAN } from '../fan-out/township.js';
import type { ExposureTables } from './exposure-sets.js';

export interface ExposedHousehold extends AssessedHousehold {
  readonly householdId: number;
  readonly dutyCode: number;
}

export interface ExposureFilter {
  readonly townships?: readonly number[];
  readonly householdIds?: readonly number[];
}

function rangesOf(shock: ShockFacts): readonly DutyRange[] {
  return shock.damage.length > 0 ? shock.damage.map((area) => area.range) : shock.ranges;
}

/** Which livelihoods a shock can touch, as conditions on `l`. Only numbers go into the text. */
function touchedSql(shock: ShockFacts, products: readonly number[]): string {
  const ranges = rangesOf(shock);
  const places = ranges.map(({ lo, hi }) => `(l.place_code >= ${number(lo)} AND l.place_code < ${number(hi)})`);
  const anywhere = ranges.some((range) => range.lo === 0);
  return `l.product = ANY('{${numbers(products)}}')${anywhere ? '' : ` AND (${places.join(' OR ')})`}`;
}

/** The same on one livelihood. */
function touchedTest(shock: ShockFacts, products: readonly number[]): (product: number, place: number) => boolean {
  const atRisk = new Set(products);
  const ranges = rangesOf(shock);
  return (product, place) => atRisk.has(product) && ranges.some((range) => isWithin(place, range));
}

/** Townships with a livelihood that the shock can touch. */
export function townshipsSql(tables: ExposureTables, shock: ShockFacts, products: readonly number[]): string {
  return `SELECT DISTINCT l.duty_code / ${TOWNSHIP_SPAN} AS township
    FROM ${tables.livelihoods} l WHERE ${touchedSql(shock, products)}`;
}

/**
 * Households of townships: enough to cut slices by, and at most too many. {@link candidatesSql} counts exactly, which takes as
 * long as a slice. (Joined with the townships in one statement, the planner went through all households for each of them.)
 */
export function townshipSizesSql(tables: ExposureTables, townships: readonly number[]): string {
  return `SELECT h.duty_code / ${TOWNSHIP_SPAN} AS township, count(*)::int AS households FROM ${tables.households} h
    WHERE h.active AND h.duty_code / ${TOWNSHIP_SPAN} = ANY('{${numbers(townships)}}') GROUP BY 1 ORDER BY 1`;
}

/** How many households a shock might touch. */
export function candidatesSql(tables: ExposureTables, shock: ShockFacts, products: readonly number[]): string {
  return `SELECT count(DISTINCT l.household_id)::int AS households
    FROM ${tables.livelihoods} l WHERE ${touchedSql(shock, products)}`;
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
  const sql = `SELECT household_id, duty_code, persons, per_capita_fen, labourers, severely_disabled, monitoring, dwelling,
    only_dwelling, livelihoods FROM ${tables.households} WHERE ${filterSql(filter)} ORDER BY household_id`;
  await tx.execute(`SET LOCAL work_mem = '${WORK_MEM}'`);
  await copyOut(
    tx.client,
    sql,
    (row) => {
      const household = readHousehold(row, touched);
      if (household.livelihoods.length > 0) onHousehold(household);
    },
    afterChunk,
  );
}

function filterSql(filter: ExposureFilter): string {
  const conditions = ['active'];
  if (filter.townships) {
    const lo = Math.min(...filter.townships) * TOWNSHIP_SPAN;
    const hi = (Math.max(...filter.townships) + 1) * TOWNSHIP_SPAN;
    conditions.push(`duty_code >= ${number(lo)} AND duty_code < ${number(hi)}`);
    conditions.push(`duty_code / ${TOWNSHIP_SPAN} = ANY('{${numbers(filter.townships)}}')`);
  }
  if (filter.householdIds) conditions.push(`household_id = ANY('{${numbers(filter.householdIds)}}')`);
  return conditions.join(' AND ');
}

function readHousehold(row: CopyRow, touched: (product: number, place: number) => boolean): ExposedHousehold {
  return {
    householdId: row.int8(),
    dutyCode: row.int8(),
    persons: row.int4(),
    perCapitaFen: row.int8OrNull(),
    facts: householdFacts({
      labourers: row.int4(),
      severelyDisabled: row.int4(),
      monitoring: row.int2(),
      dwelling: row.int2(),
      onlyDwelling: row.bool(),
    }),
    livelihoods: touchedOf(row.int8Array(), touched),
  };
}

function touchedOf(flat: readonly number[], touched: (product: number, place: number) => boolean): ExposedLivelihood[] {
  const livelihoods: ExposedLivelihood[] = [];
  for (let i = 0; i + 2 < flat.length; i += 3) {
    const product = flat[i] as number;
    const place = flat[i + 2] as number;
    if (touched(product, place)) livelihoods.push({ product, quantity: flat[i + 1] as number, place });
  }
  return livelihoods;
}

function number(value: number): string {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is no integer`);
  return String(value);
}

function numbers(values: readonly number[]): string {
  return values.map(number).join(',');
}
