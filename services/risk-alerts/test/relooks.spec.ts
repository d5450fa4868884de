import { randomUUID } from 'node:crypto';
import { originOf } from '@fangpin/domain-kit';
import { cellScope } from '@fangpin/persistence';
import { eventually } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RELOOK_BATCH } from '../src/fan-out/relook.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { assessment, hail, profile, YIJIU, YONGDING, type HouseholdSpec } from './support/world.js';

const county: HouseholdSpec[] = Array.from({ length: RELOOK_BATCH + 20 }, (_, i) => ({
  id: i + 1,
  township: i % 2 === 0 ? YONGDING : YIJIU,
  maize: 300,
  perCapitaYuan: 8_000,
}));

describe('households that changed while a shock is open', () => {
  let world: World;
  let open: string;

  beforeAll(async () => {
    world = await startWorld();
    await world.households(county.map(profile), county.map(assessment));
    open = randomUUID();
    await world.shock(hail({ id: open, policyVersion: world.policyVersion }));
    await world.settled(open, 'done');
  });
  afterAll(() => world.stop());

  const sql = <Row extends Record<string, unknown>>(text: string, values: unknown[] = []): Promise<Row[]> =>
    world.database.transaction(cellScope('spec'), (tx) => tx.query<Row>(text, values));
  const asOwner = async (text: string): Promise<void> => {
    const admin = await world.db.open({ url: world.db.adminUrl });
    await admin.dataSource.query(text);
    await admin.close();
  };
  /** As an import does: the incomes of some households change, and all of them ask to be looked at in one moment. */
  const incomesBecome = async (yuan: number, which: string): Promise<void> => {
    const admin = await world.db.open({ url: world.db.adminUrl });
    await admin.transaction(cellScope('spec'), async (tx) => {
      for (const set of ['a', 'b'])
        await tx.execute(`UPDATE exposure_${set} SET per_capita_fen = $1 WHERE ${which}`, [yuan * 100]);
      await tx.execute(
        `INSERT INTO relooks (household_id, duty_code)
         SELECT household_id, duty_code FROM exposure_a WHERE active AND ${which}
         ON CONFLICT (household_id) DO UPDATE SET asked_at = clock_timestamp()`,
      );
    });
    await admin.close();
  };
  const incomesOf = async (which: string): Promise<unknown[]> => {
    const rows = await sql<{ fen: number }>(
      `SELECT DISTINCT per_capita_fen AS fen FROM (
         SELECT DISTINCT ON (household_id) household_id, per_capita_fen FROM alerts WHERE origin = $1
         ORDER BY household_id, revision DESC) AS last WHERE ${which} ORDER BY 1`,
      [originOf(open, 'crop-disaster')],
    );
    return rows.map(({ fen }) => fen / 100);
  };
  const allLookedAt = (): Promise<void> =>
    eventually(async () => expect(await sql('SELECT household_id FROM relooks')).toEqual([]));

  it('keep no live shock waiting while they are looked at', async () => {
    const admin = await world.db.open({ url: world.db.adminUrl, poolSize: 1 });
    const runner = admin.dataSource.createQueryRunner();
    await runner.startTransaction();
    // Looking at them under the open shock takes as long as this lasts.
    await runner.query('SELECT FROM shocks WHERE shock_id = $1 FOR UPDATE', [open]);
    await incomesBecome(7_900, 'household_id <= 3');
    await eventually(async () =>
      expect(
        (
          await runner.query(
            `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
          )
        ).length,
      ).toBeGreaterThan(0),
    );
    const next = randomUUID();
    await world.shock(hail({ id: next, policyVersion: world.policyVersion }));
    expect((await world.settled(next, 'done')).exposed).toBe(county.length);
    expect(await incomesOf('household_id <= 3')).toEqual([8_000]);

    await runner.commitTransaction();
    await runner.release();
    await eventually(async () => expect(await incomesOf('household_id <= 3')).toEqual([7_900]));
    await allLookedAt();
  });

  it('stand aside for a slice of the live lane, and no longer than it runs', async () => {
    await asOwner(`INSERT INTO slices (origin, shock_revision, direction, townships, lane, state, lease_until)
      VALUES (1, 1, 'raise', ARRAY[${YONGDING}]::bigint[], 'live', 'claimed', now() + interval '1 hour')`);
    // One round may have begun before.
    await new Promise((resolve) => setTimeout(resolve, 100));
    await incomesBecome(7_800, 'household_id <= 3');
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(await incomesOf('household_id <= 3')).toEqual([7_900]);
    await asOwner(`DELETE FROM slices WHERE origin = 1`);
    await eventually(async () => expect(await incomesOf('household_id <= 3')).toEqual([7_800]));
  });

  it('are told on the bulk topic where they are many, and on the live one where they are few', async () => {
    const before = world.bulk.length;
    await incomesBecome(7_500, 'household_id = 1');
    await allLookedAt();
    await incomesBecome(7_000, `household_id <= ${RELOOK_BATCH}`);
    await allLookedAt();
    await eventually(() => {
      const told = world.bulk.slice(before).flatMap(({ householdIds }) => householdIds);
      // Under both open shocks.
      expect(told).toHaveLength(2 * RELOOK_BATCH);
    });
    const live = world.batches.filter((batch) => !world.bulk.includes(batch));
    expect(
      live.filter(({ householdIds }) => householdIds.length === 1 && householdIds[0] === 1n).length,
    ).toBeGreaterThan(0);
    await world.settled(open, 'done');
  });

  it('let the others pass where one of them cannot be looked at, which is tried again', async () => {
    await asOwner('ALTER TABLE alerts ADD CONSTRAINT broken CHECK (household_id <> 77) NOT VALID');
    const before = world.bulk.length;
    await incomesBecome(6_000, `household_id <= ${RELOOK_BATCH}`);
    const left = (): Promise<{ id: number; attempts: number }[]> =>
      sql('SELECT household_id AS id, attempts FROM relooks');
    await eventually(async () => expect(await left()).toEqual([{ id: 77, attempts: expect.any(Number) }]));
    expect(await incomesOf(`household_id <= ${RELOOK_BATCH} AND household_id <> 77`)).toEqual([6_000]);
    await eventually(async () => expect((await left())[0]?.attempts).toBeGreaterThan(0));
    // Cut smaller by the failure, it is a sweep all the same.
    await eventually(() => expect(world.bulk.length).toBeGreaterThan(before));

    await asOwner('ALTER TABLE alerts DROP CONSTRAINT broken');
    await asOwner('UPDATE relooks SET look_after = NULL');
    await allLookedAt();
    expect(await incomesOf('household_id = 77')).toEqual([6_000]);
    await world.settled(open, 'done');
  });
});
