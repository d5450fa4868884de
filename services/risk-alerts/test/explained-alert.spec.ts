import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { HouseholdState, ShockState } from '@fangpin/contracts';
import { eventually } from '@fangpin/testing';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { assessment, hail, pigPriceFall, profile, YIJIU, YONGDING, type HouseholdSpec } from './support/world.js';

const county: HouseholdSpec[] = [
  { id: 1, township: YONGDING, maize: 400, perCapitaYuan: 9_000 },
  { id: 2, township: YIJIU, maize: 600, pigs: 10, perCapitaYuan: 8_800, labourers: 0 },
  { id: 3, township: YIJIU, pigs: 2, perCapitaYuan: 40_000 },
];

interface AlertBody {
  id: string;
  householdId: number;
  severity: number;
  explanation: { text: string; recomputed: boolean; steps: { step: string }[]; policy: { records: { key: string }[] } };
}

describe('an alert as those read it who answer for it', () => {
  let world: World;
  const hailId = randomUUID();
  const priceId = randomUUID();

  beforeAll(async () => {
    world = await startWorld();
    await world.households(county.map(profile), county.map(assessment));
    await world.shock(hail({ id: hailId, policyVersion: world.policyVersion }));
    await world.shock(pigPriceFall({ id: priceId, policyVersion: world.policyVersion }, 3_000, 1_200));
    await world.settled(hailId, 'done');
    await world.settled(priceId, 'done');
  });
  afterAll(() => world.stop());

  const get = async (url: string, region = '532327', role = 'county-officer') => {
    const answer = await world.app.inject({
      method: 'GET',
      url,
      headers: { authorization: `Bearer ${await world.token(role, region)}` },
    });
    return { status: answer.statusCode, body: answer.json() as Record<string, unknown> };
  };

  it('lists the alerts of an area, each once, page by page', async () => {
    const seen: string[] = [];
    let cursor = '';
    do {
      const { status, body } = await get(`/v1/alerts?region=532327&limit=2${cursor}`);
      expect(status).toBe(200);
      seen.push(...(body['items'] as AlertBody[]).map((alert) => alert.id));
      cursor = body['nextCursor'] === null ? '' : `&cursor=${String(body['nextCursor'])}`;
    } while (cursor !== '');
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBeGreaterThanOrEqual(3);
  });

  it('is explained with inputs, steps, policy records and a Chinese paragraph, and computing it again agrees', async () => {
    for (const shockId of [hailId, priceId]) {
      const { body } = await get(`/v1/alerts?shockId=${shockId}`);
      for (const { id } of body['items'] as AlertBody[]) {
        const alert = (await get(`/v1/alerts/${id}`)).body as unknown as AlertBody;
        expect(alert.explanation.recomputed).toBe(true);
        expect(alert.explanation.steps.map(({ step }) => step)).toEqual(['loss', 'projection', 'line', 'severity']);
        expect(alert.explanation.policy.records.map(({ key }) => key)).toContain('monitoring-line');
        expect(alert.explanation.text).toMatch(/估计十二个月内少收入约.+元.+监测线.+线索，不是认定结果/);
      }
    }
  });

  it('shows no household to systems that only push, nor to the hotline', async () => {
    const [alert] = (await get('/v1/alerts?region=532327&limit=1')).body['items'] as AlertBody[];
    const paths = ['/v1/alerts', `/v1/alerts/${alert?.id}`, '/v1/risk-episodes', '/v1/risk-pictures/1'];
    for (const [role, department] of [['department-client', 'health-insurance'], ['hotline-operator']] as const) {
      const authorization = `Bearer ${await world.token(role, '532327', department)}`;
      for (const url of [...paths, '/v1/regional-alerts', '/v1/regional-alerts/532327.share'])
        expect([url, (await world.app.inject({ method: 'GET', url, headers: { authorization } })).statusCode]).toEqual([
          url,
          403,
        ]);
    }
  });

  it('refuses a household number that no register gives, by its field', async () => {
    for (const id of ['9007199254740993', '99999999999999999999', '-1', '1.5']) {
      const { status, body } = await get(`/v1/alerts?householdId=${id}`);
      expect(status).toBe(400);
      expect(JSON.stringify(body)).toContain('householdId');
    }
  });

  it("shows a township its own households only, and nothing beyond the caller's area", async () => {
    const { body } = await get('/v1/alerts', String(YONGDING), 'township-caseworker');
    expect((body['items'] as AlertBody[]).map((alert) => alert.householdId)).toEqual([1]);
    expect((await get('/v1/alerts?region=532327', String(YONGDING), 'township-caseworker')).status).toBe(403);
    const county = await get(`/v1/alerts?region=${YIJIU}`);
    const foreign = (county.body['items'] as AlertBody[])[0] as AlertBody;
    expect((await get(`/v1/alerts/${foreign.id}`, String(YONGDING), 'township-caseworker')).status).toBe(404);
  });

  it('has a ledger by township within the scope of who asks', async () => {
    const all = await get(`/v1/shocks/${hailId}/fan-out`);
    expect(all.body).toMatchObject({ state: 'done', exposed: 2 });
    const own = await get(`/v1/shocks/${hailId}/fan-out`, String(YIJIU), 'township-caseworker');
    expect(own.body).toMatchObject({ exposed: 1, townships: [{ region: String(YIJIU), name: '宜就镇' }] });
    expect((await get(`/v1/shocks/${randomUUID()}/fan-out`)).status).toBe(404);
  });

  it('has a ledger that is kept while nothing moves, and tells of who comes to be withheld', async () => {
    const ledger = async (): Promise<unknown> => {
      const { asOf, ...body } = (await get(`/v1/shocks/${hailId}/fan-out`)).body;
      expect(asOf).toEqual(expect.any(String));
      return body;
    };
    const before = await ledger();
    expect(await ledger()).toEqual(before);
    // Far above the line: a look withholds it without an alert.
    const rich = { id: 11, township: YONGDING, maize: 400, perCapitaYuan: 90_000 };
    await world.households([profile(rich)], [assessment(rich)]);
    await eventually(async () => expect(await ledger()).toMatchObject({ withheld: 1, exposed: 3, alerted: 2 }));
    await world.households([profile({ ...rich, version: 2, state: HouseholdState.MOVED_OUT })], []);
    await eventually(async () => expect(await ledger()).toEqual(before));
  });

  it('survives a shadow rebuild of the exposure, which finds the same households', async () => {
    const token = await world.token('operator', '00');
    const started = await world.app.inject({
      method: 'POST',
      url: '/v1/exposure/rebuild',
      headers: { authorization: `Bearer ${token}` },
    });
    expect(started.statusCode).toBe(202);
    await eventually(async () => {
      expect((await get('/v1/exposure/rebuild', '00', 'operator')).body).toMatchObject({ state: 'swapped', live: 'b' });
    });
    const again = randomUUID();
    await world.shock(hail({ id: again, policyVersion: world.policyVersion }));
    expect((await world.settled(again, 'done')).exposed).toBe(2);
    // The live consumer goes on in the new set.
    await world.households([profile({ id: 4, maize: 500, version: 1 })], [assessment({ id: 4 })]);
    const third = randomUUID();
    await eventually(async () => {
      await world.shock(hail({ id: third, policyVersion: world.policyVersion }));
      expect((await world.settled(third, 'done')).exposed).toBe(3);
    });
  });

  it('weighs what the household has spent itself, and says so', async () => {
    const ill = { id: 9, township: YIJIU, maize: 400, perCapitaYuan: 14_500, spentYuan: 50_000 };
    const well = { ...ill, id: 10, spentYuan: 0 };
    await world.households([ill, well].map(profile), [ill, well].map(assessment));
    const id = randomUUID();
    await world.shock(hail({ id, policyVersion: world.policyVersion, regions: [String(YIJIU)], level: 2 }));
    await world.settled(id, 'done');
    const items = (await get(`/v1/alerts?shockId=${id}`)).body['items'] as AlertBody[];
    const alertOf = items.find(({ householdId }) => householdId === 9);
    expect(items.map(({ householdId }) => householdId)).not.toContain(10);
    const { explanation } = (await get(`/v1/alerts/${alertOf?.id}`)).body as unknown as AlertBody;
    expect(explanation.recomputed).toBe(true);
    expect(explanation.steps.map(({ step }) => step)).toContain('spending');
    expect(explanation.policy.records.map(({ key }) => key)).toContain('spending-bands');
    expect(explanation.text).toContain('报销以后自己还出了50,000元');
  });

  it('says of an alert that was withdrawn that nobody need look because of it', async () => {
    const id = randomUUID();
    const policyVersion = world.policyVersion;
    await world.shock(hail({ id, policyVersion }));
    await world.settled(id, 'done');
    const [listed] = (await get(`/v1/alerts?shockId=${id}`)).body['items'] as AlertBody[];
    const said = (): Promise<AlertBody> =>
      get(`/v1/alerts/${listed?.id}`).then(({ body }) => body as unknown as AlertBody);
    const standing = await said();
    expect(standing.explanation.text).toMatch(/不是认定结果。$/);

    await world.shock(hail({ id, policyVersion, version: 2, state: ShockState.CANCELLED }));
    await world.settled(id, 'recalled');
    const withdrawn = await said();
    expect(withdrawn).toMatchObject({ status: 'withdrawn', severity: standing.severity });
    expect(withdrawn.explanation.text).toBe(
      `${standing.explanation.text}这条提示已经撤回，不用再为它上门核实；上面是撤回以前的判断。`,
    );
  });
});
