import { randomUUID } from 'node:crypto';
import { products } from '@fangpin/contracts';
import { cellScope } from '@fangpin/persistence';
import type { PolicyRecord } from '@fangpin/policy';
import { METRICS, type Registry } from '@fangpin/service-kit';
import { eventually } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FanOutResponse } from '../src/ledger/fan-out.response.js';
import { WatchStuckSlices } from '../src/ledger/watch-stuck-slices.js';
import { PolicyVersions } from '../src/policy/policy-versions.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { assessment, hail, profile, type HouseholdSpec } from './support/world.js';

const village: HouseholdSpec[] = Array.from({ length: 10 }, (_, i) => ({
  id: i + 1,
  maize: 300,
  perCapitaYuan: 8_000,
  spentYuan: 9_000,
}));
/** Crops that joined the products later than the first sixteen. */
const LATER_CROPS = products.filter(({ kind, code }) => kind === 'crop' && code >= 16).map(({ key }) => key);

describe('a shock judged by a version of the policy that lacks records', () => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld();
    await world.households(village.map(profile), village.map(assessment));
  });
  afterAll(() => world.stop());

  /** The version that this service would have kept before some records were made. */
  const keepVersion = (version: string, had: (record: PolicyRecord) => boolean): Promise<number> =>
    world.database.transaction(cellScope('spec'), (tx) =>
      tx.execute('INSERT INTO policy_versions (version, records) VALUES ($1, $2)', [
        version,
        JSON.stringify(world.app.get(PolicyVersions).current.records.filter(had)),
      ]),
    );
  const ledger = async (id: string): Promise<FanOutResponse> => {
    const response = await world.app.inject({
      url: `/v1/shocks/${id}/fan-out`,
      headers: { authorization: `Bearer ${await world.token()}` },
    });
    return response.json<FanOutResponse>();
  };
  const gauge = async (): Promise<number | undefined> => {
    const figure = world.app.get<Registry>(METRICS).getSingleMetric('fangpin_fan_outs_unplanned');
    return (await figure?.get())?.values[0]?.value;
  };

  it('older than some crops and the bands of spending judges what it knew', async () => {
    expect(LATER_CROPS.length).toBeGreaterThan(0);
    await keepVersion(
      'before-later-crops',
      ({ key, subject = '' }) =>
        key !== 'spending-bands' && (key !== 'crop-loss' || ![...LATER_CROPS, 'other'].includes(subject)),
    );
    const id = randomUUID();
    await world.shock(hail({ id, policyVersion: 'before-later-crops' }));
    expect(await world.settled(id, 'done')).toMatchObject({ exposed: village.length });
    expect((await ledger(id)).problems).toEqual([]);
  });

  it('that cannot be planned shows why and is tried again, while the shocks after it go their way', async () => {
    await keepVersion('without-limit', ({ key }) => key !== 'confirm-over');
    const bad = randomUUID();
    const good = randomUUID();
    await world.shock(hail({ id: bad, policyVersion: 'without-limit' }));
    await eventually(async () => {
      const shown = await ledger(bad);
      expect(shown.state).toBe('waiting');
      expect(shown.problems).toMatchObject([
        {
          code: 'FAN_OUT.NOT_PLANNED',
          cause: 'crop-disaster',
          text: expect.stringContaining('（庄稼受灾）'),
          error: expect.stringContaining('confirm-over'),
        },
      ]);
      expect(shown.problems[0]?.attempts).toBeGreaterThanOrEqual(2);
    });
    await world.shock(hail({ id: good, policyVersion: world.policyVersion }));
    await world.settled(good, 'done');
    await world.app.get(WatchStuckSlices).execute();
    expect(await gauge()).toBe(1);

    // Its newer revision comes under a version that has the record.
    await world.shock(hail({ id: bad, version: 2, policyVersion: world.policyVersion }));
    await world.settled(bad, 'done');
    expect((await ledger(bad)).problems).toEqual([]);
    await world.app.get(WatchStuckSlices).execute();
    expect(await gauge()).toBe(0);
  });
});
