import { randomUUID } from 'node:crypto';
import { cellScope } from '@fangpin/persistence';
import { METRICS, type Registry } from '@fangpin/service-kit';
import { eventually } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FanOutResponse } from '../src/ledger/fan-out.response.js';
import { WatchStuckSlices } from '../src/ledger/watch-stuck-slices.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { assessment, hail, profile, type HouseholdSpec } from './support/world.js';

const village: HouseholdSpec[] = Array.from({ length: 20 }, (_, i) => ({
  id: i + 1,
  maize: 300,
  perCapitaYuan: 8_000,
}));

describe('a slice that cannot be done', () => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld();
    await world.households(village.map(profile), village.map(assessment));
  });
  afterAll(() => world.stop());

  const asOwner = async (sql: string, values: unknown[] = []): Promise<void> => {
    const admin = await world.db.open({ url: world.db.adminUrl });
    await admin.transaction(cellScope('spec'), (tx) => tx.execute(sql, values));
    await admin.close();
  };
  const ledger = async (id: string): Promise<FanOutResponse> => {
    const response = await world.app.inject({
      url: `/v1/shocks/${id}/fan-out`,
      headers: { authorization: `Bearer ${await world.token()}` },
    });
    return response.json<FanOutResponse>();
  };
  const gauge = async (): Promise<number | undefined> => {
    const figure = world.app.get<Registry>(METRICS).getSingleMetric('fangpin_slices_stuck');
    return (await figure?.get())?.values[0]?.value;
  };

  it('shows as stuck with its reason, is counted, is tried again, and is done once the cause is gone', async () => {
    await asOwner(`ALTER TABLE alerts ADD CONSTRAINT disk_full CHECK (household_id < 0) NOT VALID`);
    const id = randomUUID();
    await world.shock(hail({ id, policyVersion: world.policyVersion }));
    const attempts = async (): Promise<number> => (await ledger(id)).slices[0]?.attempts ?? 0;
    await eventually(async () => expect(await attempts()).toBeGreaterThanOrEqual(2));
    expect((await ledger(id)).stuck).toEqual([]);

    await asOwner(`UPDATE slices SET attempts = 5 WHERE state IN ('waiting', 'claimed')`);
    const shown = await ledger(id);
    expect(shown.stuck).toMatchObject([
      { reason: { code: 'SLICE.FAILS' }, lastError: expect.stringContaining('disk_full') },
    ]);
    expect(shown.state).toBe('running');
    expect(await world.app.get(WatchStuckSlices).execute()).toBe(1);
    expect(await gauge()).toBe(1);

    await asOwner(`ALTER TABLE alerts DROP CONSTRAINT disk_full`);
    await asOwner(`UPDATE slices SET lease_until = now() WHERE state = 'waiting'`);
    await world.settled(id, 'done');
    expect((await ledger(id)).stuck).toEqual([]);
    expect(await world.app.get(WatchStuckSlices).execute()).toBe(0);
    expect(await gauge()).toBe(0);
  });

  it('is stuck too when it is stored and its messages do not get out', async () => {
    const id = randomUUID();
    await world.shock(hail({ id, policyVersion: world.policyVersion }));
    await world.settled(id, 'done');
    const unsent = `UPDATE slices SET state = 'stored', created_at = now() - interval '1 hour'
      WHERE origin IN (SELECT origin FROM origins WHERE shock_id = $1)`;
    await asOwner(unsent, [id]);
    expect((await ledger(id)).stuck).toMatchObject([{ state: 'stored', reason: { code: 'SLICE.NOT_PUBLISHED' } }]);
  });
});
