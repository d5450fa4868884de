/** Which livelihoods, and with them which townships, a shock can touch: in SQL for planning, in the process for streaming. */
import { isCreditCode, isWithin, type DutyRange } from '@fangpin/domain-kit';
import { TOWNSHIP_SPAN } from '../fan-out/township.js';
import type { ShockFacts } from '../loss/shock-facts.js';
import type { ExposureTables } from './exposure-sets.js';

function rangesOf(shock: ShockFacts): readonly DutyRange[] {
  return shock.damage.length > 0 ? shock.damage.map((area) => area.range) : shock.ranges;
}

/**
 * Which livelihoods a shock can touch, as conditions on `l`. Only numbers go into the text, and a credit code. The people of a
 * firm are found by the firm; everything else by place, which for a job is where the work is, however far from home.
 */
function touchedSql(shock: ShockFacts, products: readonly number[]): string {
  const firm = employerSql(shock);
  if (firm !== undefined) return `l.employer = ${firm} AND l.product = ANY('{${numbers(products)}}')`;
  const ranges = rangesOf(shock);
  const places = ranges.map(({ lo, hi }) => `(l.place_code >= ${number(lo)} AND l.place_code < ${number(hi)})`);
  const anywhere = ranges.some((range) => range.lo === 0);
  return `l.product = ANY('{${numbers(products)}}')${anywhere ? '' : ` AND (${places.join(' OR ')})`}`;
}

/** The employer that a lay-off names, as SQL. */
export function employerSql({ layOff }: ShockFacts): string | undefined {
  if (layOff === undefined || layOff.employer === '') return undefined;
  // What is no code stands for nobody.
  return isCreditCode(layOff.employer) ? `'${layOff.employer}'` : 'NULL';
}

export type Touched = (product: number, place: number) => boolean;

/** The same on one livelihood; the firm's own are told apart by the query. */
export function touchedTest(shock: ShockFacts, products: readonly number[]): Touched {
  const atRisk = new Set(products);
  if (employerSql(shock) !== undefined) return (product) => atRisk.has(product);
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

/** Only whole numbers go into the text of a query. */
export function number(value: number): string {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is no integer`);
  return String(value);
}

export function numbers(values: readonly number[]): string {
  return values.map(number).join(',');
}
