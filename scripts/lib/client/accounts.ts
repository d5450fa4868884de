/** Who must have been found by a shock, and what became of them: by household id, from the services' own tables. */
import { dutyRange, parseRegionCode } from '@fangpin/domain-kit';
import { Failure } from '../failure.ts';
import { ledgerFaults, type FanOut } from './fan-out.ts';
import type { ServiceSql } from './service-sql.ts';

const FIRST_ANIMAL = 100;
/** Codes below are open: cases and check items alike. */
const FIRST_ENDED = 100;
/** Outcomes below say where an alert stands; from here on it was taken back. */
const FIRST_TAKEN_BACK = 5;
/** State of a check item that became a case. */
const ITEM_BECAME_CASE = 102;
const NAMED_AT_MOST = 5;

type Ids = { id: number }[];

const idsOf = (rows: Ids): number[] => rows.map(({ id }) => Number(id)).sort((a, b) => a - b);

/** Households that live, by the register, in order of id. */
export async function livingHouseholds({ sql }: ServiceSql): Promise<number[]> {
  return idsOf(await sql('household-registry', 'SELECT household_id AS id FROM households WHERE state = 1'));
}

/** Households that live and have a crop in one of the areas, by the register: those a hailstorm in July must find. */
export async function farmersIn({ sql }: ServiceSql, ...regions: string[]): Promise<number[]> {
  const ranges = regions.map((region) => dutyRange(parseRegionCode(region)));
  return idsOf(
    await sql(
      'household-registry',
      `SELECT DISTINCT household_id AS id FROM households JOIN livelihoods USING (household_id)
         JOIN unnest($2::bigint[], $3::bigint[]) AS area (lo, hi) ON place_code >= lo AND place_code < hi
       WHERE state = 1 AND product < $1`,
      [FIRST_ANIMAL, ranges.map(({ lo }) => lo), ranges.map(({ hi }) => hi)],
    ),
  );
}

/** Households that live and keep an animal, by the register: those a fall of its price in the whole country must find. */
export async function keepersOf({ sql }: ServiceSql, product: number): Promise<number[]> {
  return idsOf(
    await sql(
      'household-registry',
      `SELECT DISTINCT household_id AS id FROM households JOIN livelihoods USING (household_id)
       WHERE state = 1 AND product = $1`,
      [product],
    ),
  );
}

/** The number under which the services keep a shock of one cause. */
export async function originOf({ sql }: ServiceSql, shockId: string): Promise<string> {
  const rows = await sql<{ origin: string }>('risk-alerts', 'SELECT origin::text FROM origins WHERE shock_id = $1', [
    shockId,
  ]);
  if (rows.length !== 1) throw new Failure(`shock ${shockId} has ${rows.length} causes where one is looked for`);
  return (rows[0] as { origin: string }).origin;
}

/** Households whose last alert of the shock is raised (1) or withdrawn (2). */
export async function alertedBy(world: ServiceSql, shockId: string, state: 1 | 2 = 1): Promise<number[]> {
  return idsOf(
    await world.sql(
      'risk-alerts',
      `SELECT household_id AS id FROM (
         SELECT DISTINCT ON (household_id) household_id, state FROM alerts WHERE origin = $1
         ORDER BY household_id, revision DESC) AS last WHERE state = $2`,
      [await originOf(world, shockId), state],
    ),
  );
}

/** One row for each time that a household stands among the withheld. */
async function withheldBy(world: ServiceSql, shockId: string): Promise<number[]> {
  return idsOf(
    await world.sql('risk-alerts', 'SELECT unnest(household_ids) AS id FROM withheld WHERE origin = $1', [
      await originOf(world, shockId),
    ]),
  );
}

/** One row for each case opened, each alert attached and each item listed: a household that stands twice was doubled. */
async function takenIn(world: ServiceSql, shockId: string): Promise<number[]> {
  return idsOf(
    await world.sql(
      'assistance-cases',
      `SELECT household_id AS id FROM cases WHERE case_origin = $1
       UNION ALL SELECT household_id FROM case_alerts WHERE origin = $1
       UNION ALL SELECT household_id FROM check_items WHERE origin = $1`,
      [await originOf(world, shockId)],
    ),
  );
}

/** The same without what was taken back, and with a household whose check item became a case once. */
async function standingIn(world: ServiceSql, shockId: string): Promise<number[]> {
  return idsOf(
    await world.sql(
      'assistance-cases',
      `SELECT household_id AS id FROM cases WHERE case_origin = $1 AND alert_outcome < $2
       UNION ALL SELECT household_id FROM case_alerts WHERE origin = $1 AND outcome < $2
       UNION ALL SELECT household_id FROM check_items WHERE origin = $1 AND outcome < $2 AND state <> $3`,
      [await originOf(world, shockId), FIRST_TAKEN_BACK, ITEM_BECAME_CASE],
    ),
  );
}

/** Untouched cases that this shock opened, and its check items, that still ask for a visit. */
export async function stillAskedFor(world: ServiceSql, shockId: string): Promise<number[]> {
  return idsOf(
    await world.sql(
      'assistance-cases',
      `SELECT household_id AS id FROM cases c WHERE case_origin = $1 AND state < $2 AND NOT acted AND NOT EXISTS (
         SELECT FROM case_alerts a WHERE a.case_origin = c.case_origin AND a.household_id = c.household_id AND a.outcome < $3)
       UNION ALL SELECT household_id FROM check_items WHERE origin = $1 AND state < $2 AND flagged_at IS NULL`,
      [await originOf(world, shockId), FIRST_ENDED, FIRST_TAKEN_BACK],
    ),
  );
}

/** Missed, strange and doubled households, each with some of their ids. Both lists in rising order; `wanted` without repeats. */
export function differences(what: string, found: readonly number[], wanted: readonly number[]): string[] {
  const has = new Set(found);
  const shall = new Set(wanted);
  const sorted = [...found].sort((a, b) => a - b);
  const groups = {
    missed: wanted.filter((id) => !has.has(id)),
    'too many': [...has].filter((id) => !shall.has(id)),
    doubled: [...new Set(sorted.filter((id, i) => i > 0 && sorted[i - 1] === id))],
  };
  return Object.entries(groups)
    .filter(([, ids]) => ids.length > 0)
    .map(([name, ids]) => `${what}: ${ids.length} ${name}, as ${ids.slice(0, NAMED_AT_MOST).join(', ')}`);
}

function unequal(what: string, is: number, wanted: number): string[] {
  return is === wanted ? [] : [`${what} ${is} ≠ ${wanted}`];
}

/**
 * What is wrong with a shock that has run its way, empty when all is well: the ledger adds up, and distinct ids say the same.
 * None of those it must find is missed, none is doubled. `revised`: a later report of it may have taken alerts back.
 */
export async function accountFaults(
  world: ServiceSql,
  fanOut: FanOut,
  mustFind: readonly number[],
  { revised = false }: { revised?: boolean } = {},
): Promise<string[]> {
  const { shockId, state, exposed, casesOpened, casesAttached, listed, parked } = fanOut;
  const alerted = await alertedBy(world, shockId);
  const takenBack = await alertedBy(world, shockId, 2);
  const withheld = await withheldBy(world, shockId);
  const taken = revised ? await standingIn(world, shockId) : await takenIn(world, shockId);
  return [
    ...(state === 'done' ? [] : [`the fan-out is ${state}`]),
    ...ledgerFaults(fanOut),
    ...differences('alerted or withheld', [...alerted, ...withheld], mustFind),
    ...differences('taken in', taken, alerted),
    ...(revised ? [] : unequal('alerts taken back', takenBack.length, 0)),
    ...unequal('alerted', fanOut.alerted, alerted.length + takenBack.length),
    ...(revised ? [] : unequal('exposed', exposed, mustFind.length)),
    ...unequal('parked', parked, 0),
    ...unequal('opened + attached + listed', casesOpened + casesAttached + listed, alerted.length + takenBack.length),
  ];
}

/** The same of a shock that was called off: nothing of it stands any more, no alert, no untouched case, no item to visit. */
export async function recallFaults(world: ServiceSql, fanOut: FanOut): Promise<string[]> {
  const { shockId, state, alerted, withdrawn, dropped, flagged } = fanOut;
  return [
    ...(state === 'recalled' ? [] : [`the fan-out is ${state}`]),
    ...ledgerFaults(fanOut),
    ...unequal('withdrawn', withdrawn, alerted),
    ...unequal('dropped + flagged', dropped + flagged, withdrawn),
    ...differences('alerts that stand', await alertedBy(world, shockId), []),
    ...differences('still asked for', await stillAskedFor(world, shockId), []),
  ];
}
