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

/** The FROM and WHERE that plan and stream share. Only numbers go into the text. */
export function exposedSql(
  tables: ExposureTables,
  shock: ShockFacts,
  products: readonly number[],
  filter: ExposureFilter = {},
): string {
  const conditions = [`l.product = ANY('{${numbers(products)}}')`, 'h.active'];
  const ranges = shock.damage.length > 0 ? shock.damage.map((area) => area.range) : shock.ranges;
  const wholeCountry = ranges.some((range) => range.lo === 0);
  if (!wholeCountry)
    conditions.push(
      `(${ranges.map(({ lo, hi }) => `(l.place_code >= ${number(lo)} AND l.place_code < ${number(hi)})`).join(' OR ')})`,
    );
  if (filter.townships) conditions.push(`h.duty_code / ${TOWNSHIP_SPAN} = ANY('{${numbers(filter.townships)}}')`);
  if (filter.householdIds) conditions.push(`h.household_id = ANY('{${numbers(filter.householdIds)}}')`);
  return `FROM ${tables.households} h JOIN ${tables.livelihoods} l USING (household_id) WHERE ${conditions.join(' AND ')}`;
}

export async function streamExposed(
  tx: Tx,
  from: string,
  onHousehold: (household: ExposedHousehold) => void,
  afterChunk?: () => Promise<void>,
): Promise<void> {
  let open: (Omit<ExposedHousehold, 'livelihoods'> & { livelihoods: ExposedLivelihood[] }) | undefined;
  const sql = `SELECT h.household_id, h.duty_code, h.persons, h.per_capita_fen, h.labourers, h.severely_disabled,
    h.monitoring, h.dwelling, h.only_dwelling, l.product, l.quantity, l.place_code ${from} ORDER BY h.household_id, l.line`;
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
