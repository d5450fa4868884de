import { randomUUID } from 'node:crypto';
import { topics } from '@fangpin/contracts';
import { cellScope } from '@fangpin/persistence';
import { eventually } from '@fangpin/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { assessment, hail, profile, type HouseholdSpec } from './support/world.js';

const village: HouseholdSpec[] = Array.from({ length: 20 }, (_, i) => ({
  id: i + 1,
  maize: 300,
  perCapitaYuan: 8_000,
}));

interface Holder {
  /** How many statements of the service wait for a lock. */
  waiting(): Promise<number>;
  release(): Promise<void>;
}

describe('a live shock is judged and stored', () => {
  let world: World;
  let open: string;
  /** Not released yet: a test that fails leaves none behind. */
  const held: Holder[] = [];

  beforeAll(async () => {
    world = await startWorld();
    await world.households(village.map(profile), village.map(assessment));
    open = randomUUID();
    await world.shock(hail({ id: open, policyVersion: world.policyVersion }));
    await world.settled(open, 'done');
  });
  afterEach(async () => {
    for (const { release } of held.splice(0)) await release();
  });
  afterAll(() => world.stop());

  const sql = <Row extends Record<string, unknown>>(text: string, values: unknown[] = []): Promise<Row[]> =>
    world.database.transaction(cellScope('spec'), (tx) => tx.query<Row>(text, values));
  /** Holds what a statement locks until it is released. */
  const hold = async (text: string, values: unknown[] = []): Promise<Holder> => {
    const admin = await world.db.open({ url: world.db.adminUrl, poolSize: 1 });
    const runner = admin.dataSource.createQueryRunner();
    await runner.startTransaction();
    await runner.query(text, values);
    const holder: Holder = {
      waiting: async () => {
        const rows: unknown = await runner.query(
          `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
        );
        return (rows as unknown[]).length;
      },
      release: async () => {
        held.splice(0, held.length, ...held.filter((one) => one !== holder));
        await runner.commitTransaction();
        await runner.release();
        await admin.close();
      },
    };
    held.push(holder);
    return holder;
  };
  /** The alerts of one more shock, once all of its slices are stored. */
  const stored = async (id: string): Promise<number> => {
    const [row] = await eventually(async () => {
      const rows = await sql<{ alerted: number }>(
        `SELECT sum(s.alerted)::int AS alerted FROM slices s JOIN origins o USING (origin) WHERE o.shock_id = $1
         HAVING bool_and(s.state IN ('stored', 'published'))`,
        [id],
      );
      expect(rows).toHaveLength(1);
      return rows;
    });
    return row?.alerted ?? 0;
  };
  const again = (version: number, yuan: number): HouseholdSpec[] =>
    [1, 2, 3].map((id) => ({ id, version, maize: 300, perCapitaYuan: yuan }));

  it('while changed households are looked at, and are said again meanwhile', async () => {
    // Looking at them under the open shock takes as long as this lasts.
    const looking = await hold('SELECT FROM shocks WHERE shock_id = $1 FOR UPDATE', [open]);
    await world.households(again(2, 7_900).map(profile), []);
    await eventually(async () => expect(await looking.waiting()).toBeGreaterThan(0));
    await world.households([], again(2, 7_900).map(assessment));
    await world.heard(topics.assessment);
    const next = randomUUID();
    await world.shock(hail({ id: next, policyVersion: world.policyVersion }));
    expect(await stored(next)).toBe(village.length);
    expect(await looking.waiting()).toBe(1);
    await looking.release();

    // What was said meanwhile is looked at once more.
    await eventually(async () => expect(await sql('SELECT FROM relooks')).toEqual([]));
    const last = await sql(
      `SELECT DISTINCT ON (a.household_id) a.household_id AS id, a.per_capita_fen / 100 AS yuan
       FROM alerts a JOIN origins o USING (origin) WHERE o.shock_id = $1 AND a.household_id <= 3
       ORDER BY a.household_id, a.revision DESC`,
      [open],
    );
    expect(last).toEqual([1, 2, 3].map((id) => ({ id, yuan: 7_900 })));
    await world.settled(open, 'done');
    await world.settled(next, 'done');
  });
});
