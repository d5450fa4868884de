/** Streams households with the livelihoods that a shock touches, in household order, one chunk in memory. */
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

/** Which livelihoods a shock can touch, as conditions on `l` and its place. Only numbers go into the text. */
function touchedSql(shock: ShockFacts, products: readonly number[], place: string): string {
  const ranges = shock.damage.length > 0 ? shock.damage.map((area) => area.range) : shock.ranges;
  const places = ranges.map(({ lo, hi }) => `(${place} >= ${number(lo)} AND ${place} < ${number(hi)})`);
  const anywhere = ranges.some((range) => range.lo === 0);
  return `l.product = ANY('{${numbers(products)}}')${anywhere ? '' : ` AND (${places.join(' OR ')})`}`;
}

/** Townships with a livelihood that the shock can touch. */
export function townshipsSql(tables: ExposureTables, shock: ShockFacts, products: readonly number[]): string {
  return `SELECT DISTINCT l.duty_code / ${TOWNSHIP_SPAN} AS township
    FROM ${tables.livelihoods} l WHERE ${touchedSql(shock, products, 'l.place_code')}`;
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
    FROM ${tables.livelihoods} l WHERE ${touchedSql(shock, products, 'l.place_code')}`;
}

/**
 * Households with their touched livelihoods. The sub-select with OFFSET 0 and the place as an expression hold the planner to
 * one way: households by their area, then each one's livelihoods by key. It cannot know how many rows a scope lets through,
 * and on tables just filled it chose the index of places, once for each household: two minutes instead of one second.
 */
export function exposedSql(
  tables: ExposureTables,
  shock: ShockFacts,
  products: readonly number[],
  filter: ExposureFilter,
): string {
  const conditions = ['h.active'];
  if (filter.townships) {
    const lo = Math.min(...filter.townships) * TOWNSHIP_SPAN;
    const hi = (Math.max(...filter.townships) + 1) * TOWNSHIP_SPAN;
    conditions.push(`h.duty_code >= ${number(lo)} AND h.duty_code < ${number(hi)}`);
    conditions.push(`h.duty_code / ${TOWNSHIP_SPAN} = ANY('{${numbers(filter.townships)}}')`);
  }
  if (filter.householdIds) conditions.push(`h.household_id = ANY('{${numbers(filter.householdIds)}}')`);
  return `FROM ${tables.households} h CROSS JOIN LATERAL (
      SELECT l.line, l.product, l.quantity, l.place_code FROM ${tables.livelihoods} l
      WHERE l.household_id = h.household_id AND ${touchedSql(shock, products, '(l.place_code + 0)')} OFFSET 0) l
    WHERE ${conditions.join(' AND ')}`;
}

/** Sorting a slice in memory instead of on disk. */
const WORK_MEM = '32MB';

export async function streamExposed(
  tx: Tx,
  from: string,
  onHousehold: (household: ExposedHousehold) => void,
  afterChunk?: () => Promise<void>,
): Promise<void> {
  let open: (Omit<ExposedHousehold, 'livelihoods'> & { livelihoods: ExposedLivelihood[] }) | undefined;
  const sql = `SELECT h.household_id, h.duty_code, h.persons, h.per_capita_fen, h.labourers, h.severely_disabled,
    h.monitoring, h.dwelling, h.only_dwelling, l.product, l.quantity, l.place_code ${from} ORDER BY h.household_id, l.line`;
  await tx.execute(`SET LOCAL work_mem = '${WORK_MEM}'`);
  await copyOut(
    tx.client,
    sql,
    (row) => {
      const householdId = row.int8();
      if (open?.householdId !== householdId) {
        if (open !== undefined) onHousehold(open);
        open = readHousehold(row, householdId);
      } else skipHousehold(row);
      open.livelihoods.push({ product: row.int2(), quantity: row.int4(), place: row.int8() });
    },
    afterChunk,
  );
  if (open !== undefined) onHousehold(open);
}

function readHousehold(row: CopyRow, householdId: number) {
  const dutyCode = row.int8();
  const persons = row.int4();
  const perCapitaFen = row.int8OrNull();
  const facts = householdFacts({
    labourers: row.int4(),
    severelyDisabled: row.int4(),
    monitoring: row.int2(),
    dwelling: row.int2(),
    onlyDwelling: row.bool(),
  });
  return { householdId, dutyCode, persons, perCapitaFen, facts, livelihoods: [] as ExposedLivelihood[] };
}

/** The household's own columns stand on each of its rows; only the first is read. */
function skipHousehold(row: CopyRow): void {
  row.skip(8);
}

function number(value: number): string {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is no integer`);
  return String(value);
}

function numbers(values: readonly number[]): string {
  return values.map(number).join(',');
}
