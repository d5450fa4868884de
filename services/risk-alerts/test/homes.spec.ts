import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { create } from '@bufbuild/protobuf';
import { randomUUID } from 'node:crypto';
import { AreaDamageSchema, DwellingGrade, ShockState, WaterCutSchema, type Shock } from '@fangpin/contracts';
import { cellScope } from '@fangpin/persistence';
import { eventually } from '@fangpin/testing';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { assessment, hail, profile, YIJIU, YONGDING, type HouseholdSpec, type ShockSpec } from './support/world.js';

/** 40 households of each of two townships; the first of each lives in a house of grade D, half of them grow maize. */
const county: HouseholdSpec[] = Array.from({ length: 80 }, (_, i) => ({
  id: i + 1,
  township: i < 40 ? YONGDING : YIJIU,
  dwelling: i % 40 === 0 ? DwellingGrade.D : DwellingGrade.B,
  waterScheme: i % 40 < 10 ? `W${i < 40 ? 1 : 2}` : '',
  perCapitaYuan: 9_500 + i * 100,
  ...(i % 2 === 0 ? { maize: 400 } : { pigs: 2 }),
}));

interface AlertBody {
  id: string;
  householdId: number;
  cause: string;
  severity: number;
  explanation: { text: string; recomputed: boolean; policy: { records: { key: string }[] } };
}

describe('a shock to homes', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
    await world.households(county.map(profile), county.map(assessment));
  });
  afterAll(() => world.stop());

  const get = async <T>(url: string): Promise<T> =>
    (
      await world.app.inject({
        method: 'GET',
        url,
        headers: { authorization: `Bearer ${await world.token('county-officer', '532327')}` },
      })
    ).json() as T;
  const alerts = async (shockId: string): Promise<AlertBody[]> => {
    const { items } = await get<{ items: { id: string; status: string }[] }>(`/v1/alerts?shockId=${shockId}&limit=200`);
    return Promise.all(
      items.filter(({ status }) => status === 'raised').map(({ id }) => get<AlertBody>(`/v1/alerts/${id}`)),
    );
  };
  const shock = (change: Partial<ShockSpec> & { id: string; kind: string }): Shock =>
    hail({ policyVersion: world.policyVersion, ...change });
  const flood = (
    id: string,
    houses: { collapsed: number; damaged: number },
    change: Partial<ShockSpec> = {},
  ): Shock => {
    const told = shock({ id, kind: 'flood', regions: [String(YONGDING)], ...change });
    told.damage.push(
      create(AreaDamageSchema, {
        region: String(YONGDING),
        cropHitCentimu: 4_000n,
        cropDamagedCentimu: 4_000n,
        cropLostCentimu: 4_000n,
        housesCollapsed: houses.collapsed,
        housesDamaged: houses.damaged,
      }),
    );
    return told;
  };

  it('that takes crops and houses alerts each for itself, and its ledger counts households once', async () => {
    const id = randomUUID();
    await world.shock(flood(id, { collapsed: 4, damaged: 10 }));
    const ledger = await world.settled(id, 'done');
    const told = await alerts(id);
    const byCause = Map.groupBy(told, ({ cause }) => cause);
    expect([...byCause.keys()].sort()).toEqual(['crop-disaster', 'dwelling']);
    // All 40 homes of the township are exposed, 20 of them with maize too.
    expect(ledger).toMatchObject({ exposed: 40 });
    expect(ledger.alerted).toBe(new Set(told.map(({ householdId }) => householdId)).size);
    expect(told.length).toBeGreaterThan(ledger.alerted);
    expect(ledger.listed).toBe(ledger.alerted);
    expect(await get(`/v1/shocks/${id}/fan-out`)).toMatchObject({
      state: 'done',
      exposed: 40,
      alerted: ledger.alerted,
    });
    for (const alert of told) expect(alert.explanation.recomputed).toBe(true);
    const house = byCause.get('dwelling')?.find(({ householdId }) => householdId === 1);
    expect(house?.explanation.text).toMatch(
      /灾情报告说.+永定镇房屋倒塌4户、损坏10户，那里共有40户.+唯一住房评定为D级.+修房约.+真坏了的多则.+一百户里约\d+户.+先请人看房/,
    );
    expect(house?.explanation.policy.records.map(({ key }) => key)).toEqual(
      expect.arrayContaining([
        'dwelling-report',
        'dwelling-grade',
        'dwelling-cost',
        'no-income-bands',
        'monitoring-line',
      ]),
    );
  });

  it('whose houses were a mistake keeps what its fields raised', async () => {
    const id = randomUUID();
    await world.shock(flood(id, { collapsed: 30, damaged: 0 }));
    await world.settled(id, 'done');
    expect(new Set((await alerts(id)).map(({ cause }) => cause)).size).toBe(2);
    await world.shock(flood(id, { collapsed: 0, damaged: 0 }, { version: 2 }));
    await eventually(async () => {
      await world.settled(id, 'done');
      expect(new Set((await alerts(id)).map(({ cause }) => cause))).toEqual(new Set(['crop-disaster']));
    });
    await world.shock(flood(id, { collapsed: 0, damaged: 0 }, { version: 3, state: ShockState.CANCELLED }));
    const recalled = await world.settled(id, 'recalled');
    expect(recalled.withdrawn).toBe(recalled.alerted);
    expect(recalled.dropped).toBe(recalled.alerted);
  });

  it('of the ground alerts by the intensity where each house stands', async () => {
    const id = randomUUID();
    const quake = shock({ id, kind: 'earthquake', level: 3 });
    quake.intensity.push(
      { $typeName: 'fangpin.shocks.v1.AreaIntensity', region: '532327', intensity: 6 },
      { $typeName: 'fangpin.shocks.v1.AreaIntensity', region: String(YIJIU), intensity: 8 },
    );
    await world.shock(quake);
    expect(await world.settled(id, 'done')).toMatchObject({ exposed: 80 });
    const told = await alerts(id);
    const at = (householdId: number): AlertBody | undefined => told.find((alert) => alert.householdId === householdId);
    expect(at(41)).toMatchObject({ cause: 'dwelling', severity: 4 });
    expect(at(42)?.severity).toBeGreaterThan(at(2)?.severity ?? 0);
    expect(at(41)?.explanation.text).toContain('当地烈度Ⅷ度（按震级和距离推算）');
  });

  it('of water finds the households of the scheme in the whole county, and looks again at who is joined to it', async () => {
    const id = randomUUID();
    const cut = shock({ id, kind: 'water-cut', level: 0, regions: [String(YONGDING)] });
    cut.waterCut = create(WaterCutSchema, { schemes: ['W2', "W'); --"], days: 20 });
    await world.shock(cut);
    expect(await world.settled(id, 'done')).toMatchObject({ exposed: 10, alerted: 10 });
    const told = await alerts(id);
    expect(told.map(({ householdId }) => householdId)).toEqual(Array.from({ length: 10 }, (_, i) => 41 + i));
    expect(told[0]?.explanation).toMatchObject({ recomputed: true });
    expect(told[0]?.explanation.text).toMatch(/停水（供水工程W2）.+4口人用水，按停水20天算.+先送水/);
    await world.households([profile({ ...(county[5] as HouseholdSpec), waterScheme: 'W2', version: 2 })], []);
    await eventually(async () => expect((await alerts(id)).map(({ householdId }) => householdId)).toContain(6));
  });

  it('of water without a scheme finds those who live where it is', async () => {
    const id = randomUUID();
    await world.shock(shock({ id, kind: 'water-cut', level: 0, regions: [String(YONGDING)] }));
    expect(await world.settled(id, 'done')).toMatchObject({ exposed: 40 });
  });

  it('waits for one word of an officer however many causes it has', async () => {
    const id = randomUUID();
    await world.shock(flood(id, { collapsed: 4, damaged: 10 }));
    await world.settled(id, 'done');
    await world.database.transaction(cellScope('spec'), (tx) =>
      tx.execute(
        `UPDATE fan_outs SET state = 'awaiting-confirmation' WHERE origin IN (SELECT origin FROM origins WHERE shock_id = $1)`,
        [id],
      ),
    );
    expect(await get(`/v1/shocks/${id}/fan-out`)).toMatchObject({ state: 'awaiting-confirmation' });
    const confirmed = await world.app.inject({
      method: 'POST',
      url: `/v1/shocks/${id}/confirm`,
      headers: { authorization: `Bearer ${await world.token('county-officer', '532327')}` },
    });
    expect(confirmed.statusCode).toBe(200);
    const [left] = await world.database.transaction(cellScope('spec'), (tx) =>
      tx.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM fan_outs JOIN origins USING (origin)
         WHERE shock_id = $1 AND state = 'awaiting-confirmation'`,
        [id],
      ),
    );
    expect(left?.n).toBe(0);
  });
});
