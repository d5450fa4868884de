/** Streams households with the livelihoods that a shock touches, in household order, one chunk in memory. */
import { copyOut, type CopyRow, type Tx } from '@fangpin/persistence';
import {
  householdFacts,
  type AssessedHousehold,
  type ExposedLivelihood,
  type HouseholdFacts,
} from '../loss/household.js';
import type { ShockFacts } from '../loss/shock-facts.js';
import { houseCode, WATER } from '../loss/things.js';
import { TOWNSHIP_SPAN } from '../fan-out/township.js';
import type { ExposureTables } from './exposure-sets.js';
import { employerSql, number, numbers, schemeSql, touchedTest, touchesHomes, type Touched } from './touched.js';
import { wageFenPerWorker } from './wages.js';

export interface ExposedHousehold extends AssessedHousehold {
  readonly householdId: number;
  readonly dutyCode: number;
}

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
  const sql = `SELECT household_id, duty_code, persons, per_capita_fen, labourers, severely_disabled, monitoring, dwelling,
    only_dwelling, spending_fen, ${touchesHomes(shock) ? "'{}'::bigint[]" : 'livelihoods'}${jobsSql(shock)} FROM ${tables.households} WHERE ${filterSql(filter, shock)} ORDER BY household_id`;
  const read = readerOf(shock, touched);
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

/** What only lay-offs read: wages, and which livelihoods (by position) are jobs with the firm. */
function jobsSql(shock: ShockFacts): string {
  if (shock.layOff === undefined) return '';
  const firm = employerSql(shock);
  return firm === undefined
    ? ', wage_fen'
    : `, wage_fen, ARRAY(SELECT n FROM unnest(employers) WITH ORDINALITY AS job (code, n) WHERE code = ${firm})`;
}

type Reader = (row: CopyRow) => ExposedHousehold;

function readerOf(shock: ShockFacts, touched: Touched): Reader {
  const home = homeOf(shock, touched);
  if (touchesHomes(shock)) return (row) => readHousehold(row, home);
  const livelihoodsOf: ThingsOf = (flat) => touchedOf(flat, touched);
  if (shock.layOff === undefined) return (row) => readHousehold(row, livelihoodsOf);
  const byFirm = employerSql(shock) !== undefined;
  return (row) => {
    let perWorker: number | null = null;
    const household = readHousehold(row, (flat) => {
      perWorker = wageFenPerWorker(row.int8OrNull(), flat);
      return touchedOf(flat, touched, byFirm ? new Set(row.int8Array()) : undefined);
    });
    return { ...household, wageFenPerWorker: perWorker };
  };
}

type ThingsOf = (
  flat: readonly number[],
  dutyCode: number,
  persons: number,
  known: HouseholdFacts,
) => readonly ExposedLivelihood[];

/** Reads the columns in their order. */
function readHousehold(row: CopyRow, thingsOf: ThingsOf): ExposedHousehold {
  const householdId = row.int8();
  const dutyCode = row.int8();
  const persons = row.int4();
  const perCapitaFen = row.int8OrNull();
  const known: HouseholdFacts = {
    labourers: row.int4(),
    severelyDisabled: row.int4(),
    monitoring: row.int2(),
    dwelling: row.int2(),
    onlyDwelling: row.bool(),
  };
  const spendingFen = row.int8OrNull();
  return {
    householdId,
    dutyCode,
    persons,
    perCapitaFen,
    facts: householdFacts(known),
    spendingFen,
    livelihoods: thingsOf(row.int8Array(), dutyCode, persons, known),
  };
}

/** The house, or the water, of a household whose home lies where the shock is. */
function homeOf(shock: ShockFacts, touched: Touched): ThingsOf {
  const thing =
    shock.cause === 'water'
      ? () => WATER
      : ({ dwelling, onlyDwelling }: HouseholdFacts) => houseCode({ grade: dwelling, only: onlyDwelling });
  return (_, dutyCode, persons, known) => {
    const product = thing(known);
    if (!touched(product, dutyCode)) return [];
    return [{ product, quantity: product === WATER ? persons : 1, place: dutyCode }];
  };
}

/** `only` holds positions of livelihoods, from 1. */
function touchedOf(flat: readonly number[], touched: Touched, only?: ReadonlySet<number>): ExposedLivelihood[] {
  const livelihoods: ExposedLivelihood[] = [];
  for (let i = 0; i + 2 < flat.length; i += 3) {
    const product = flat[i] as number;
    const place = flat[i + 2] as number;
    if (only !== undefined && !only.has(i / 3 + 1)) continue;
    if (touched(product, place)) livelihoods.push({ product, quantity: flat[i + 1] as number, place });
  }
  return livelihoods;
}
