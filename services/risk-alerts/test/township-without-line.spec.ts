import { randomUUID } from 'node:crypto';
import { DwellingGrade } from '@fangpin/contracts';
import { cellScope } from '@fangpin/persistence';
import type { PolicyRecord } from '@fangpin/policy';
import { METRICS, type Registry } from '@fangpin/service-kit';
import { eventually } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ExplainedAlertResponse } from '../src/alerts/alert.responses.js';
import { giveBack } from '../src/fan-out/give-back.js';
import type { FanOutResponse } from '../src/ledger/fan-out.response.js';
import { WatchStuckSlices } from '../src/ledger/watch-stuck-slices.js';
import { PolicyVersions } from '../src/policy/policy-versions.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { assessment, hail, profile, YIJIU, YONGDING, type HouseholdSpec } from './support/world.js';

const farm = (id: number, township: number): HouseholdSpec => ({ id, township, maize: 300, perCapitaYuan: 8_000 });
const here = [1, 2, 3].map((id) => farm(id, YONGDING));
const there = [11, 12].map((id) => farm(id, YIJIU));

describe('a township for which no monitoring line was set', () => {
  let world: World;
  const shock = randomUUID();

  beforeAll(async () => {
    world = await startWorld();
    const all = [...here, ...there];
    await world.households(all.map(profile), all.map(assessment));
    const onlyHere = (record: PolicyRecord): PolicyRecord =>
      record.key === 'monitoring-line' ? { ...record, region: String(YONGDING) as PolicyRecord['region'] } : record;
    await world.database.transaction(cellScope('spec'), (tx) =>
      tx.execute('INSERT INTO policy_versions (version, records) VALUES ($1, $2)', [
        'line-of-one-township',
        JSON.stringify(world.app.get(PolicyVersions).current.records.map(onlyHere)),
      ]),
    );
    await world.shock(hail({ id: shock, policyVersion: 'line-of-one-township' }));
  });
  afterAll(() => world.stop());

  const ledger = async (): Promise<FanOutResponse> => {
    const url = `/v1/shocks/${shock}/fan-out`;
    const headers = { authorization: `Bearer ${await world.token()}` };
    return (await world.app.inject({ url, headers })).json<FanOutResponse>();
  };
  const gauge = async (name: string): Promise<number | undefined> =>
    (await world.app.get<Registry>(METRICS).getSingleMetric(name)?.get())?.values[0]?.value;
  const alerted = (): Promise<object[]> =>
    world.database.transaction(cellScope('spec'), (tx) =>
      tx.query(
        `SELECT DISTINCT ON (household_id) household_id AS id, state, persons FROM alerts ORDER BY household_id, revision DESC`,
      ),
    );

  it('waits with its reason, and the other townships of its slice are alerted', async () => {
    await eventually(async () => expect(await alerted()).toEqual(here.map(({ id }) => ({ id, state: 1, persons: 4 }))));
    await eventually(async () => {
      const { slices, state } = await ledger();
      expect(state).toBe('running');
      expect(slices.map(({ state: of, count }) => [of, count]).sort()).toEqual([
        ['published', 1],
        ['waiting', 1],
      ]);
      expect(slices.find(({ state: of }) => of === 'waiting')?.lastError).toContain('monitoring-line');
    });
  });

  it('wakes nobody, however long it waits, and shows where to set it right', async () => {
    const aged = `UPDATE slices SET created_at = now() - interval '1 hour'`;
    await world.database.transaction(cellScope('spec'), (tx) => tx.execute(aged));
    const watch = world.app.get(WatchStuckSlices);
    // Now and then it is just being tried again.
    await eventually(async () => {
      expect(await watch.execute()).toBe(0);
      expect(await gauge('fangpin_slices_awaiting_policy')).toBe(1);
      expect((await ledger()).stuck).toMatchObject([{ reason: { code: 'SLICE.AWAITS_POLICY' } }]);
    });
  });

  it('is cut off as one that has failed: it looks who stands in another slice by now', async () => {
    let cut: object[] = [];
    const rollback = world.database.transaction(cellScope('spec'), async (tx) => {
      const [row] = await tx.query<{ no: number }>(
        `INSERT INTO slices (origin, shock_revision, direction, townships, lane, state, claimed_by, attempts)
         SELECT origin, 1, 'raise', ARRAY[${YONGDING}, ${YIJIU}]::bigint[], 'live', 'claimed', 'spec', 2 FROM origins
         RETURNING slice_no AS no`,
      );
      const slice = { sliceNo: row?.no ?? 0, origin: 1, shockRevision: 1, direction: 'raise' as const, attempts: 2 };
      await giveBack(tx, { ...slice, townships: [YONGDING, YIJIU] }, 'spec', new Error('no line'));
      cut = await tx.query(`SELECT townships, attempts FROM slices WHERE shock_revision = 1 ORDER BY slice_no`);
      throw new Error('nothing of this stays');
    });
    await expect(rollback).rejects.toThrow('nothing of this stays');
    expect(cut).toEqual([
      { townships: [YONGDING], attempts: 2 },
      { townships: [YIJIU], attempts: 1 },
    ]);
  });

  it('does not keep a changed household of another township from being looked at again', async () => {
    const changed = [
      { ...farm(1, YONGDING), persons: 3, version: 2 },
      { ...farm(11, YIJIU), persons: 3, version: 2 },
    ];
    await world.households(changed.map(profile), changed.map(assessment));
    await eventually(async () =>
      expect(await alerted()).toEqual(here.map(({ id }) => ({ id, state: 1, persons: id === 1 ? 3 : 4 }))),
    );
  });

  it('waits with what its incomes decide, and who may have no safe home there is alerted at once', async () => {
    const quake = randomUUID();
    const homes: HouseholdSpec[] = [
      { id: 21, township: YIJIU, perCapitaYuan: 90_000, dwelling: DwellingGrade.D },
      { id: 22, township: YIJIU, perCapitaYuan: 90_000, dwelling: DwellingGrade.D, onlyDwelling: false },
      { id: 23, township: YONGDING, perCapitaYuan: 90_000, dwelling: DwellingGrade.D },
    ];
    await world.households(homes.map(profile), homes.map(assessment));
    const told = hail({ id: quake, kind: 'earthquake', level: 3, policyVersion: 'line-of-one-township' });
    told.intensity.push({ $typeName: 'fangpin.shocks.v1.AreaIntensity', region: '532327', intensity: 9 });
    await world.shock(told);
    const headers = { authorization: `Bearer ${await world.token()}` };
    const raised = async (): Promise<{ id: string; householdId: number }[]> => {
      const url = `/v1/alerts?shockId=${quake}&status=raised`;
      return (await world.app.inject({ url, headers })).json<{ items: { id: string; householdId: number }[] }>().items;
    };
    const slices = async (): Promise<object[]> => {
      const url = `/v1/shocks/${quake}/fan-out`;
      const { slices: all } = (await world.app.inject({ url, headers })).json<FanOutResponse>();
      return all.map(({ state, count, lastError }) => ({
        state,
        count,
        lacks: lastError?.includes('monitoring-line'),
      }));
    };
    await eventually(async () =>
      expect((await raised()).map(({ householdId }) => householdId)).toEqual(expect.arrayContaining([21, 23])),
    );
    expect((await raised()).map(({ householdId }) => householdId)).not.toContain(22);
    const isStuck = expect.arrayContaining([{ state: 'waiting', count: 1, lacks: true }]);
    await eventually(async () => expect(await slices()).toEqual(isStuck));
    const alert = (await raised()).find(({ householdId }) => householdId === 21);
    const { explanation } = (
      await world.app.inject({ url: `/v1/alerts/${alert?.id}`, headers })
    ).json<ExplainedAlertResponse>();
    expect(explanation).toMatchObject({ recomputed: true });
    expect(explanation.text).toMatch(/当地的监测线还没有定，收入这一项没有比较.+先请人看房/);

    // Tried again it tells nobody twice, and who is endangered since is alerted.
    const count = (): Promise<object[]> =>
      world.database.transaction(cellScope('spec'), (tx) =>
        tx.query(
          `SELECT household_id AS id, count(*)::int AS revisions FROM alerts WHERE household_id IN (21, 24) GROUP BY 1 ORDER BY 1`,
        ),
      );
    const since: HouseholdSpec = { id: 24, township: YIJIU, perCapitaYuan: 90_000, dwelling: DwellingGrade.D };
    await world.households([profile(since)], [assessment(since)]);
    await eventually(async () =>
      expect(await count()).toEqual([
        { id: 21, revisions: 1 },
        { id: 24, revisions: 1 },
      ]),
    );
    await world.database.transaction(cellScope('spec'), (tx) =>
      tx.execute(`UPDATE slices SET lease_until = now() WHERE state = 'waiting'`),
    );
    await eventually(async () => {
      const [row] = await world.database.transaction(cellScope('spec'), (tx) =>
        tx.query<{ n: number }>(`SELECT max(attempts) AS n FROM slices WHERE state = 'waiting'`),
      );
      expect(row?.n).toBeGreaterThan(2);
    });
    expect((await count())[0]).toEqual({ id: 21, revisions: 1 });
  });
});
