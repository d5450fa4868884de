/** Who must have been found by a shock, and what became of them: by household id, from the services' own tables. */
import { expect } from '@jest/globals';
import { dutyRange, parseRegionCode } from '@fangpin/domain-kit';
import { ledgerFaults, type FanOut } from '../../scripts/lib/client/fan-out.ts';
import type { World } from './world.ts';

const FIRST_ANIMAL = 100;
/** Codes below are open: cases and check items alike. */
const FIRST_ENDED = 100;

type Ids = { id: number }[];

const idsOf = (rows: Ids): number[] => rows.map(({ id }) => Number(id)).sort((a, b) => a - b);

/** Households that live and have a crop in the area, by the register: those a hailstorm in July must find. */
export async function farmersIn(world: World, region: string): Promise<number[]> {
  const { lo, hi } = dutyRange(parseRegionCode(region));
  return idsOf(
    await world.sql(
      'household-registry',
      `SELECT DISTINCT household_id AS id FROM households JOIN livelihoods USING (household_id)
       WHERE state = 1 AND product < $1 AND place_code >= $2 AND place_code < $3`,
      [FIRST_ANIMAL, lo, hi],
    ),
  );
}

export async function originOf(world: World, shockId: string): Promise<string> {
  const rows = await world.sql<{ origin: string }>(
    'risk-alerts',
    'SELECT origin::text FROM origins WHERE shock_id = $1',
    [shockId],
  );
  expect(rows).toHaveLength(1);
  return (rows[0] as { origin: string }).origin;
}

/** Households whose last alert of the shock is raised (1) or withdrawn (2). */
export async function alertedBy(world: World, shockId: string, state: 1 | 2 = 1): Promise<number[]> {
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

async function withheldBy(world: World, shockId: string): Promise<number[]> {
  return idsOf(
    await world.sql('risk-alerts', 'SELECT DISTINCT unnest(household_ids) AS id FROM withheld WHERE origin = $1', [
      await originOf(world, shockId),
    ]),
  );
}

/** One row for each case opened, each alert attached and each item listed: a household that stands twice was doubled. */
export async function takenIn(world: World, shockId: string): Promise<number[]> {
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

/** Untouched cases that this shock opened, and its check items, that still ask for a visit. */
export async function stillAskedFor(world: World, shockId: string): Promise<number[]> {
  return idsOf(
    await world.sql(
      'assistance-cases',
      `SELECT household_id AS id FROM cases c WHERE case_origin = $1 AND state < $2 AND NOT acted AND NOT EXISTS (
         SELECT FROM case_alerts a WHERE a.case_origin = c.case_origin AND a.household_id = c.household_id AND a.outcome < 5)
       UNION ALL SELECT household_id FROM check_items WHERE origin = $1 AND state < $2 AND flagged_at IS NULL`,
      [await originOf(world, shockId), FIRST_ENDED],
    ),
  );
}

/** The ledger adds up, and distinct ids say the same: none of those the shock must find is missed, none is doubled. */
export async function expectAllAccountedFor(world: World, fanOut: FanOut, mustFind: readonly number[]): Promise<void> {
  expect(fanOut.state).toBe('done');
  expect(ledgerFaults(fanOut)).toEqual([]);
  const { shockId } = fanOut;
  const alerted = await alertedBy(world, shockId);
  const withheld = await withheldBy(world, shockId);
  expect([...alerted, ...withheld].sort((a, b) => a - b)).toEqual(mustFind);
  expect(await takenIn(world, shockId)).toEqual(alerted);
  expect(fanOut).toMatchObject({ exposed: mustFind.length, alerted: alerted.length, parked: 0 });
  const { casesOpened, casesAttached, listed } = fanOut;
  expect(casesOpened + casesAttached + listed).toBe(alerted.length);
}

/** Nothing of the shock stands any more: no alert, no untouched case, no item that asks for a visit. */
export async function expectAllRecalled(world: World, fanOut: FanOut): Promise<void> {
  expect(fanOut.state).toBe('recalled');
  expect(ledgerFaults(fanOut)).toEqual([]);
  expect(fanOut.withdrawn).toBe(fanOut.alerted);
  expect(fanOut.dropped + fanOut.flagged).toBe(fanOut.withdrawn);
  expect(await alertedBy(world, fanOut.shockId)).toEqual([]);
  expect(await stillAskedFor(world, fanOut.shockId)).toEqual([]);
}
