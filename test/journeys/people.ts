import { makeHouseholds } from '../../scripts/lib/seed/index.ts';
import type { World } from './world.ts';

/** A household that nothing is asked of, with the ID number of one of its people. */
export interface Poor {
  readonly householdId: number;
  readonly village: string;
  readonly idNumber: string;
  readonly persons: number;
}

/** The poorest households without an alert that stands, an open case or check item, of which no department has spoken; with land where it is asked for. */
export async function poorest(world: World, count: number, { farming = false } = {}): Promise<Poor[]> {
  const exposed = await world.sql<{ id: string; duty: string; persons: number }>(
    'risk-alerts',
    `SELECT household_id AS id, duty_code::text AS duty, persons FROM exposure_a e
     WHERE active AND per_capita_fen > 0 AND ($1 = false OR EXISTS (
       SELECT FROM exposure_livelihood_a l WHERE l.household_id = e.household_id AND l.product < 100))
     AND NOT EXISTS (SELECT FROM (SELECT DISTINCT ON (origin) state FROM alerts a
       WHERE a.household_id = e.household_id ORDER BY origin, revision DESC) AS last WHERE state = 1)
     AND NOT EXISTS (SELECT FROM findings f WHERE f.household_id = e.household_id)
     ORDER BY per_capita_fen, household_id`,
    [farming],
  );
  const asked = await world.sql<{ id: string }>(
    'assistance-cases',
    `SELECT household_id AS id FROM cases WHERE state < 100
     UNION SELECT household_id FROM check_items WHERE state < 100`,
  );
  const sources = await world.sql<{ id: string; source: string }>(
    'household-registry',
    'SELECT household_id AS id, source_key AS source FROM households WHERE state = 1 AND source_key IS NOT NULL',
  );
  const busy = new Set(asked.map(({ id }) => Number(id)));
  const sourceOf = new Map(sources.map(({ id, source }) => [Number(id), source]));
  const numbers = idNumbers(world);
  return exposed
    .flatMap(({ id, duty, persons }) => {
      const householdId = Number(id);
      const idNumber = numbers.get(sourceOf.get(householdId) ?? '');
      if (busy.has(householdId) || idNumber === undefined) return [];
      return [{ householdId, village: duty.slice(0, 12), idNumber, persons }];
    })
    .slice(0, count);
}

/** ID number of the first of each household's people, by its source key. */
function idNumbers({ plan }: World): Map<string, string> {
  return new Map(
    [...makeHouseholds(plan)].flatMap(({ line: { sourceKey, members } }) => {
      const idNumber = members.find((member) => member.idNumber !== undefined)?.idNumber;
      return idNumber === undefined ? [] : [[sourceKey, idNumber] as const];
    }),
  );
}
