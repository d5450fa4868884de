import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { cellScope } from '@fangpin/persistence';
import { ShockState } from '@fangpin/contracts';
import { eventually } from '@fangpin/testing';
import { startWorld, type World } from './support/risk-alerts-world.js';
import {
  assessment,
  hail,
  layOff,
  profile,
  unsoldVegetables,
  YIJIU,
  YONGDING,
  type HouseholdSpec,
} from './support/world.js';

const FIRM = '91441900FPDEM0001X';
const OTHER_FIRM = '91330200FPDEM0003Q';
const CONSTRUCTION = 200;
const MANUFACTURING = 201;

/** Households of two townships of 永仁县, some with work far away. */
const county: HouseholdSpec[] = [
  { id: 1, jobs: [{ branch: MANUFACTURING, place: '4419', employer: FIRM }], wageYuan: 40_000 },
  { id: 2, township: YIJIU, jobs: [{ branch: CONSTRUCTION, place: '5301', employer: FIRM }], wageYuan: 30_000 },
  { id: 3, jobs: [{ branch: MANUFACTURING, place: '4419', employer: OTHER_FIRM }], maize: 300, wageYuan: 40_000 },
  { id: 4, township: YIJIU, jobs: [{ branch: MANUFACTURING, place: '441900003' }], vegetables: 400 },
  { id: 5, jobs: [{ branch: CONSTRUCTION, place: '4419', persons: 2 }], wageYuan: 60_000 },
  { id: 6, jobs: [{ branch: MANUFACTURING, place: '44' }], wageYuan: 40_000 },
  { id: 7, township: YIJIU, maize: 500, vegetables: 200 },
];

interface AlertBody {
  householdId: number;
  cause: string;
  lossFen: number;
  explanation: {
    text: string;
    recomputed: boolean;
    steps: { step: string; values: Record<string, number | string | null> }[];
    policy: { records: { key: string }[] };
  };
}

describe('a lay-off', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
    const poor = county.map((household) => ({ ...household, perCapitaYuan: 8_600 }));
    await world.households(poor.map(profile), poor.map(assessment));
  });
  afterAll(() => world.stop());

  const told = async (shockId: string): Promise<number[]> =>
    world.database.transaction(cellScope('spec'), async (tx) => {
      const rows = await tx.query<{ household_id: number; state: number }>(
        `SELECT DISTINCT ON (household_id) household_id, state FROM alerts a JOIN origins o USING (origin)
         WHERE o.shock_id = $1 ORDER BY household_id, revision DESC`,
        [shockId],
      );
      return rows.filter(({ state }) => state === 1).map((row) => row.household_id);
    });

  const get = async (url: string) => {
    const answer = await world.app.inject({
      method: 'GET',
      url,
      headers: { authorization: `Bearer ${await world.token('county-officer', '532327')}` },
    });
    return answer.json() as Record<string, unknown>;
  };
  const explained = async (shockId: string): Promise<AlertBody[]> => {
    const items = (await get(`/v1/alerts?shockId=${shockId}`))['items'] as { id: string }[];
    return Promise.all(items.map(async ({ id }) => (await get(`/v1/alerts/${id}`)) as unknown as AlertBody));
  };
  const spec = (id: string, regions: string[]) => ({ id, policyVersion: world.policyVersion, regions });

  it('of a firm finds exactly the households that work for it, wherever they live and work', async () => {
    const id = randomUUID();
    await world.shock(layOff(spec(id, ['532327']), { employer: FIRM }));
    const ledger = await world.settled(id, 'done');
    expect(ledger).toMatchObject({ exposed: 2, alerted: 2 });
    expect(await told(id)).toEqual([1, 2]);
    for (const alert of await explained(id)) {
      expect(alert).toMatchObject({ cause: 'job-loss', explanation: { recomputed: true } });
      expect(alert.explanation.text).toMatch(
        /用人单位（统一社会信用代码91441900FPDEM0001X）裁员.+务工的有.+平均每人一年挣.+估计十二个月内少收入约.+线索，不是认定结果/,
      );
      expect(alert.explanation.policy.records.map(({ key }) => key)).toContain('wage-loss');
    }
  });

  it('of a destination finds who works there, in the branches named', async () => {
    const all = randomUUID();
    const sites = randomUUID();
    await world.shock(layOff(spec(all, ['4419']), {}));
    await world.shock(layOff(spec(sites, ['4419']), { branches: [CONSTRUCTION] }));
    await world.settled(all, 'done');
    await world.settled(sites, 'done');
    // Of household 6 only the province is known.
    expect(await told(all)).toEqual([1, 3, 4, 5]);
    expect(await told(sites)).toEqual([5]);
    const losses = new Map((await explained(all)).map(({ householdId, lossFen }) => [householdId, lossFen]));
    // Two who lose 30,000 yuan a year each lose more than one with 40,000.
    expect(losses.get(5)).toBeGreaterThan(losses.get(1) ?? Infinity);
    expect((await explained(sites))[0]?.explanation.text).toContain('广东省东莞市的用人单位裁员');
  });

  it('of a few of all who work there takes of each what he loses on the average, and says that nobody knows whom', async () => {
    const [all, two] = [randomUUID(), randomUUID()];
    // Five persons of four households work there.
    await world.shock(layOff(spec(all, ['4419']), { persons: 300 }));
    await world.shock(layOff(spec(two, ['4419']), { persons: 2 }));
    await world.settled(all, 'done');
    expect(await world.settled(two, 'done')).toMatchObject({ exposed: 4 });
    const losses = new Map((await explained(all)).map(({ householdId, lossFen }) => [householdId, lossFen]));
    const alerts = await explained(two);
    expect(alerts.length).toBeGreaterThan(0);
    for (const { householdId, lossFen, explanation } of alerts) {
      expect(lossFen).toBe(Math.round(0.4 * (losses.get(householdId) ?? 0)));
      expect(explanation.recomputed).toBe(true);
      expect(explanation.text).toContain('裁员2人，登记在那里务工的有5人，是哪些人还不清楚，先按平均估算');
      expect(explanation.steps[0]).toMatchObject({
        step: 'reported',
        values: { persons: 2, workers: 5, share: 0.4 },
      });
    }
  });

  it('that was a mistake is taken back', async () => {
    const id = randomUUID();
    await world.shock(layOff(spec(id, ['4419']), { employer: FIRM }));
    await world.settled(id, 'done');
    await world.shock(layOff({ ...spec(id, ['4419']), version: 2, state: ShockState.CANCELLED }, { employer: FIRM }));
    await world.settled(id, 'recalled');
    expect(await told(id)).toEqual([]);
  });

  it('is looked at again when a household changes its work', async () => {
    const id = randomUUID();
    await world.shock(layOff(spec(id, ['4419']), { employer: OTHER_FIRM }));
    await world.settled(id, 'done');
    expect(await told(id)).toEqual([3]);
    const moved = { ...county[4], id: 5, jobs: [{ branch: CONSTRUCTION, place: '33', employer: OTHER_FIRM }] };
    await world.households([profile({ ...moved, version: 2 }), profile({ id: 3, maize: 300, version: 2 })], []);
    await eventually(async () => expect(await told(id)).toEqual([5]));
  });

  it('leaves fields alone, and stock that nobody buys leaves jobs alone', async () => {
    const id = randomUUID();
    await world.shock(unsoldVegetables(spec(id, ['532327'])));
    await world.settled(id, 'done');
    expect(await told(id)).toEqual([4, 7]);
    const [first] = await explained(id);
    expect(first).toMatchObject({ cause: 'unsold-stock', explanation: { recomputed: true } });
    expect(first?.explanation.text).toMatch(/蔬菜滞销（当地约120,000公斤）.+种有蔬菜\d+亩，估计十二个月内少收入约/);
    // Six mu, 2,000 kg each.
    expect(first?.explanation.text).toContain('相当于当地一年的全部产量，是谁家的还不清楚，先按平均估算');
    const few = randomUUID();
    await world.shock(unsoldVegetables(spec(few, ['532327']), 0, 30n));
    expect(await world.settled(few, 'done')).toMatchObject({ exposed: 2, alerted: 0, withheld: 2 });
    const some = randomUUID();
    await world.shock(unsoldVegetables(spec(some, ['532327']), 0, 6_000n));
    await world.settled(some, 'done');
    const [half] = await explained(some);
    expect(half).toMatchObject({ lossFen: Math.round((first?.lossFen ?? 0) / 2), explanation: { recomputed: true } });
    expect(half?.explanation.steps[0]).toMatchObject({
      step: 'reported',
      values: { product: '蔬菜', quantityKg: 6_000, yearKg: 12_000, share: 0.5 },
    });
    expect(half?.explanation.text).toContain('约占当地一年产量的50%');
    const other = randomUUID();
    await world.shock(unsoldVegetables(spec(other, [String(YONGDING)])));
    expect(await world.settled(other, 'done')).toMatchObject({ exposed: 0 });
    const storm = randomUUID();
    await world.shock(hail(spec(storm, ['532327'])));
    expect(await world.settled(storm, 'done')).toMatchObject({ exposed: 3 });
  });
});
