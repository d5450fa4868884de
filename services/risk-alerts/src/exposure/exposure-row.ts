/** What a shock touches of a household, out of its row of the exposure. */
import type { CopyRow, PackedValues } from '@fangpin/persistence';
import {
  householdFacts,
  removedDay,
  type AssessedHousehold,
  type ExposedLivelihood,
  type HouseholdFacts,
} from '../loss/household.js';
import type { ShockFacts } from '../loss/shock-facts.js';
import { houseCode, WATER } from '../loss/things.js';
import { employerSql, touchesHomes, type Touched } from './touched.js';
import { wageFenPerWorker } from './wages.js';

export interface ExposedHousehold extends AssessedHousehold {
  readonly householdId: number;
  readonly dutyCode: number;
}

/** What is read of a row: `packed` of the migration 0034 stands last, behind what only lay-offs read. */
export function exposedColumns(shock: ShockFacts): string {
  return `${jobsSql(shock)}packed`;
}

/** Wages, and which livelihoods (by position) are jobs with the firm. */
function jobsSql(shock: ShockFacts): string {
  if (shock.layOff === undefined) return '';
  const firm = employerSql(shock);
  return firm === undefined
    ? 'wage_fen, '
    : `wage_fen, ARRAY(SELECT n FROM unnest(employers) WITH ORDINALITY AS job (code, n) WHERE code = ${firm}), `;
}

/** Reads a row of {@link exposedColumns}. */
export function exposedReader(shock: ShockFacts, touched: Touched): (row: CopyRow) => ExposedHousehold {
  if (touchesHomes(shock)) {
    const home = homeOf(shock, touched);
    return (row) => readHousehold(row.packed(), home);
  }
  const livelihoodsOf: ThingsOf = (packed) => touchedOf(packed.int8Array(), touched);
  if (shock.layOff === undefined) return (row) => readHousehold(row.packed(), livelihoodsOf);
  const byFirm = employerSql(shock) !== undefined;
  return (row) => {
    const wageFen = row.int8OrNull();
    const jobs = byFirm ? new Set(row.int8Array()) : undefined;
    let perWorker: number | null = null;
    const household = readHousehold(row.packed(), (packed) => {
      const flat = packed.int8Array();
      perWorker = wageFenPerWorker(wageFen, flat);
      return touchedOf(flat, touched, jobs);
    });
    return { ...household, wageFenPerWorker: perWorker };
  };
}

/** What is touched; livelihoods are what comes next in `packed`, and are read or passed over. */
type ThingsOf = (
  packed: PackedValues,
  dutyCode: number,
  persons: number,
  known: HouseholdFacts,
) => readonly ExposedLivelihood[];

/** Reads the values in the order of packed_exposure (migration 0034). */
function readHousehold(packed: PackedValues, thingsOf: ThingsOf): ExposedHousehold {
  const householdId = packed.int8();
  const dutyCode = packed.int8();
  const persons = packed.int4();
  const perCapitaFen = packed.int8OrNull();
  const known: HouseholdFacts = {
    labourers: packed.int4(),
    severelyDisabled: packed.int4(),
    monitoring: packed.int2(),
    dwelling: packed.int2(),
    onlyDwelling: packed.bool(),
  };
  const spendingFen = packed.int8OrNull();
  const livelihoods = thingsOf(packed, dutyCode, persons, known);
  return {
    householdId,
    dutyCode,
    persons,
    perCapitaFen,
    facts: householdFacts(known),
    spendingFen,
    livelihoods,
    removedDay: removedDay(known, packed.int8OrNull()),
  };
}

/** The house, or the water, of a household whose home lies where the shock is. */
function homeOf(shock: ShockFacts, touched: Touched): ThingsOf {
  const thing =
    shock.cause === 'water'
      ? () => WATER
      : ({ dwelling, onlyDwelling }: HouseholdFacts) => houseCode({ grade: dwelling, only: onlyDwelling });
  return (packed, dutyCode, persons, known) => {
    packed.skipInt8Array();
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
