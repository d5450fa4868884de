/**
 * Which livelihoods, houses or drinkers, and with them which townships, a shock can touch: in SQL for planning, in the process
 * for streaming.
 */
import { isCreditCode, isWithin, type DutyRange } from '@fangpin/domain-kit';
import { TOWNSHIP_SPAN } from '../fan-out/township.js';
import { diseaseRanges } from '../loss/animal-disease-model.js';
import { dwellingRanges } from '../loss/dwelling-model.js';
import { reportedFields } from '../loss/reported-fields.js';
import type { ShockFacts } from '../loss/shock-facts.js';
import { waterRanges } from '../loss/water-model.js';
import type { ExposureTables } from './exposure-sets.js';

/** Whether a cause is about what a household has by living where it lives, its house and its water, and not about livelihoods. */
export function touchesHomes({ cause }: ShockFacts): boolean {
  return cause === 'dwelling' || cause === 'water';
}

/** The areas in which a shock can touch something: those of its report where one counts, else all of its own. */
export function rangesOf(shock: ShockFacts): readonly DutyRange[] {
  if (shock.cause === 'dwelling') return dwellingRanges(shock);
  if (shock.cause === 'water') return waterRanges(shock);
  if (shock.cause === 'animal-disease') return diseaseRanges(shock);
  const fields = reportedFields(shock);
  return fields.length > 0 ? fields.map((area) => area.range) : shock.ranges;
}

/**
 * Which livelihoods a shock can touch, as conditions on `l`. Only numbers go into the text, and a credit code. The people of a
 * firm are found by the firm; everything else by place, which for a job is where the work is, however far from home.
 */
function touchedSql(shock: ShockFacts, products: readonly number[]): string {
  const firm = employerSql(shock);
  if (firm !== undefined) return `l.employer = ${firm} AND l.product = ANY('{${numbers(products)}}')`;
  return `l.product = ANY('{${numbers(products)}}') AND ${placesSql('l.place_code', rangesOf(shock))}`;
}

/** Households whose home the shock can touch, as conditions on `h`. */
function homesSql(shock: ShockFacts): string {
  return ['h.active', placesSql('h.duty_code', rangesOf(shock)), ...(schemeSql(shock) ?? [])].join(' AND ');
}

function placesSql(column: string, ranges: readonly DutyRange[]): string {
  if (ranges.some((range) => range.lo === 0)) return 'true';
  if (ranges.length === 0) return 'false';
  const places = ranges.map(({ lo, hi }) => `(${column} >= ${number(lo)} AND ${column} < ${number(hi)})`);
  return `(${places.join(' OR ')})`;
}

/** The schemes that a water cut names, as a condition on households. Only letters, digits and hyphens go into the text. */
export function schemeSql({ waterCut }: ShockFacts): [string] | undefined {
  if (waterCut === undefined || waterCut.schemes.length === 0) return undefined;
  return [`water_scheme = ANY('{${waterCut.schemes.join(',')}}')`];
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
  // Asked for every livelihood of a slice: a position is found faster than a member of a set.
  const atRisk: boolean[] = [];
  for (const product of products) atRisk[product] = true;
  if (employerSql(shock) !== undefined) return (product) => atRisk[product] === true;
  const [first, ...others] = rangesOf(shock);
  if (first === undefined) return () => false;
  return (product, place) =>
    atRisk[product] === true && (isWithin(place, first) || others.some((range) => isWithin(place, range)));
}

/**
 * Townships with a household that the shock can touch, and how many households live there: enough to cut slices by, and at most
 * too many. {@link candidatesSql} counts exactly, which takes as long as a slice. By place it asks who lives in the townships of
 * the shock, whatever they live on, and who lives elsewhere and has something there (`exposure_livelihood_*_away`): a look at
 * every livelihood took longer than a slice.
 */
export function townshipSizesSql(tables: ExposureTables, shock: ShockFacts, products: readonly number[]): string {
  return `SELECT h.duty_code / ${TOWNSHIP_SPAN} AS township, count(*)::int AS households FROM ${tables.households} h
    WHERE h.active AND (${townshipsSql(tables, shock, products)}) GROUP BY 1 ORDER BY 1`;
}

function townshipsSql(tables: ExposureTables, shock: ShockFacts, products: readonly number[]): string {
  const among = (sql: string): string => `h.duty_code / ${TOWNSHIP_SPAN} = ANY(ARRAY(${sql}))`;
  if (employerSql(shock) !== undefined)
    return among(
      `SELECT DISTINCT l.duty_code / ${TOWNSHIP_SPAN} FROM ${tables.livelihoods} l WHERE ${touchedSql(shock, products)}`,
    );
  const here = placesSql('h.duty_code', wholeTownships(rangesOf(shock)));
  if (here === 'true' || touchesHomes(shock)) return here;
  return `${here} OR ${among(`SELECT DISTINCT l.duty_code / ${TOWNSHIP_SPAN} FROM ${tables.livelihoods} l
    WHERE l.place_code / ${TOWNSHIP_SPAN} <> l.duty_code / ${TOWNSHIP_SPAN} AND ${touchedSql(shock, products)}`)}`;
}

/** The townships that ranges lie in, those that meet as one range. */
function wholeTownships(ranges: readonly DutyRange[]): DutyRange[] {
  const wide = ranges
    .map(({ lo, hi }) => ({
      lo: Math.floor(lo / TOWNSHIP_SPAN) * TOWNSHIP_SPAN,
      hi: Math.ceil(hi / TOWNSHIP_SPAN) * TOWNSHIP_SPAN,
    }))
    .sort((a, b) => a.lo - b.lo);
  const merged: { lo: number; hi: number }[] = [];
  for (const range of wide) {
    const last = merged.at(-1);
    if (last !== undefined && range.lo <= last.hi) last.hi = Math.max(last.hi, range.hi);
    else merged.push({ ...range });
  }
  return merged;
}

/**
 * How many of the households that a shock might touch have something where an earlier revision of it did not reach: other places, another
 * firm. At most too many: one of a field on either side counts.
 */
export function candidatesBeyondSql(
  tables: ExposureTables,
  shock: ShockFacts,
  seen: ShockFacts,
  products: readonly number[],
): string {
  if (touchesHomes(shock))
    return `SELECT count(*)::int AS households FROM ${tables.households} h
      WHERE ${homesSql(shock)} AND (${homesSql(seen)}) IS NOT TRUE`;
  return `SELECT count(DISTINCT l.household_id)::int AS households FROM ${tables.livelihoods} l
    WHERE ${touchedSql(shock, products)} AND (${touchedSql(seen, products)}) IS NOT TRUE`;
}

/** How many households a shock might touch. */
export function candidatesSql(tables: ExposureTables, shock: ShockFacts, products: readonly number[]): string {
  if (touchesHomes(shock))
    return `SELECT count(*)::int AS households FROM ${tables.households} h WHERE ${homesSql(shock)}`;
  return `SELECT count(DISTINCT l.household_id)::int AS households
    FROM ${tables.livelihoods} l WHERE ${touchedSql(shock, products)}`;
}

/** How much of each product a shock touches: hundredths of a mu, heads, or members at work. */
export function touchedQuantitiesSql(tables: ExposureTables, shock: ShockFacts, products: readonly number[]): string {
  return `SELECT l.product, sum(l.quantity)::bigint AS quantity FROM ${tables.livelihoods} l
    WHERE ${touchedSql(shock, products)} GROUP BY 1`;
}

/** Only whole numbers go into the text of a query. */
export function number(value: number): string {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is no integer`);
  return String(value);
}

export function numbers(values: readonly number[]): string {
  return values.map(number).join(',');
}
