import { randomUUID } from 'node:crypto';
import { ShockState, topics } from '@fangpin/contracts';
import { cellScope } from '@fangpin/persistence';
import { METRICS, type Registry } from '@fangpin/service-kit';
import { eventually } from '@fangpin/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { FanOutResponse } from '../src/ledger/fan-out.response.js';
import { WatchStuckSlices } from '../src/ledger/watch-stuck-slices.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { assessment, damaged, hail, profile, revision, YONGDING, type HouseholdSpec } from './support/world.js';

const village: HouseholdSpec[] = Array.from({ length: 20 }, (_, i) => ({
  id: i + 1,
  township: YONGDING,
  maize: 300,
  perCapitaYuan: 8_000,
}));
const late: HouseholdSpec = { id: 901, township: YONGDING, maize: 600, perCapitaYuan: 7_500 };

/** The exposure seems not to have read the last messages of the register until it is let go on. */
async function heldBack(world: World): Promise<() => Promise<void>> {
  const progress = `consumer = 'risk-alerts' AND topic = '${topics.household.name}'`;
  const run = (sql: string): Promise<number> => world.database.transaction(cellScope('spec'), (tx) => tx.execute(sql));
  await world.heard(topics.household);
  await world.heard(topics.assessment);
  await run(`UPDATE consumer_progress SET next_offset = next_offset - 1 WHERE ${progress} AND next_offset > 0`);
  return async () => {
    const ends = await world.bus.endOffsets(topics.household);
    for (const [partition, end] of ends)
      await run(`UPDATE consumer_progress SET next_offset = ${end} WHERE ${progress} AND partition_no = ${partition}`);
  };
}

async function ledgerOf(world: World, id: string): Promise<FanOutResponse> {
  const headers = { authorization: `Bearer ${await world.token()}` };
  const response = await world.app.inject({ url: `/v1/shocks/${id}/fan-out`, headers });
  return response.json<FanOutResponse>();
}

const shown = (world: World, id: string, as: object): Promise<void> =>
  eventually(async () => expect(await ledgerOf(world, id)).toMatchObject(as));

async function gauge(world: World): Promise<number | undefined> {
  await world.app.get(WatchStuckSlices).execute();
  const figure = world.app.get<Registry>(METRICS).getSingleMetric('fangpin_fan_outs_awaiting_exposure');
  return (await figure?.get())?.values[0]?.value;
}

describe('a shock that is accepted while the exposure reads on', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
    await world.households(village.map(profile), village.map(assessment));
  });
  afterAll(() => world.stop());

  it('waits for it, and says so with what is still to be read', async () => {
    const letGo = await heldBack(world);
    const id = randomUUID();
    await world.shock(hail({ id, policyVersion: world.policyVersion }));
    await shown(world, id, { state: 'waiting', awaits: { code: 'FAN_OUT.AWAITS_EXPOSURE' } });
    expect((await ledgerOf(world, id)).awaits?.unread).toBeGreaterThan(0);
    expect(await gauge(world)).toBe(1);
    await letGo();
    expect((await world.settled(id, 'done')).exposed).toBe(village.length);
    expect((await ledgerOf(world, id)).awaits).toBeNull();
    expect(await gauge(world)).toBe(0);
  });
});

describe('a shock that has waited long enough for the exposure', () => {
  let world: World;
  let letGo: () => Promise<void>;
  beforeEach(async () => {
    world = await startWorld({ env: { FANGPIN_AWAIT_EXPOSURE_SECONDS: '0' } });
    await world.households(village.map(profile), village.map(assessment));
    letGo = await heldBack(world);
  });
  afterEach(() => world.stop());

  const behind = { code: 'FAN_OUT.BEHIND_EXPOSURE' };
  /** Known to the exposure, which is still said to be behind. */
  const arrives = async (spec: HouseholdSpec): Promise<void> => {
    await world.households([profile(spec)], [assessment(spec)]);
    await eventually(async () =>
      expect(
        await world.database.transaction(cellScope('spec'), (tx) =>
          tx.query('SELECT 1 FROM exposure_a WHERE household_id = $1 AND active AND per_capita_fen IS NOT NULL', [
            spec.id,
          ]),
        ),
      ).toHaveLength(1),
    );
  };

  it('alerts whom it knows, and settles once whoever was read later has been looked at too', async () => {
    const id = randomUUID();
    await world.shock(hail({ id, policyVersion: world.policyVersion }));
    await shown(world, id, { state: 'running', alerted: village.length, listed: village.length, awaits: behind });
    expect(await gauge(world)).toBe(1);
    await arrives(late);
    await letGo();
    expect(await world.settled(id, 'done')).toMatchObject({ exposed: village.length + 1, listed: village.length + 1 });
    expect((await ledgerOf(world, id)).awaits).toBeNull();
    expect(await gauge(world)).toBe(0);
  });

  it('judges everybody again where a share was taken of less than stands', async () => {
    const id = randomUUID();
    const sumOfLosses = async (): Promise<number> => {
      const [row] = await world.database.transaction(cellScope('spec'), (tx) =>
        tx.query<{ fen: number }>(
          `SELECT sum(loss_fen)::bigint AS fen FROM (SELECT DISTINCT ON (household_id) household_id, loss_fen, state FROM alerts
           JOIN origins USING (origin) WHERE shock_id = $1 ORDER BY household_id, revision DESC) AS last
           WHERE state = 1 AND household_id <= ${village.length}`,
          [id],
        ),
      );
      return row?.fen ?? 0;
    };
    // 60 mu stand as far as is known, and as many more come with a household that is read late.
    await world.shock(damaged({ id, policyVersion: world.policyVersion }, 55, 55));
    await shown(world, id, { state: 'running', alerted: village.length, listed: village.length, awaits: behind });
    const first = await sumOfLosses();
    await arrives({ ...late, maize: 6_000 });
    await letGo();
    await world.settled(id, 'done');
    expect(await sumOfLosses()).toBeLessThan(first);
  });

  it('is judged once more where it ends before that, and waits for the rest', async () => {
    const id = randomUUID();
    await world.shock(hail({ id, policyVersion: world.policyVersion }));
    await shown(world, id, { state: 'running', alerted: village.length, listed: village.length, awaits: behind });
    await world.shock(hail({ id, policyVersion: world.policyVersion, version: 2, state: ShockState.ENDED }));
    const waits = { state: 'waiting', revision: revision(2), awaits: { code: 'FAN_OUT.AWAITS_EXPOSURE' } };
    await shown(world, id, waits);
    await arrives(late);
    expect(await ledgerOf(world, id)).toMatchObject(waits);
    await letGo();
    expect(await world.settled(id, 'done')).toMatchObject({ exposed: village.length + 1, withdrawn: 0 });
  });
});
