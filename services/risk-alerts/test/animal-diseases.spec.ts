import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { create } from '@bufbuild/protobuf';
import { randomUUID } from 'node:crypto';
import { AreaAnimalsSchema, ShockState, type Shock } from '@fangpin/contracts';
import { eventually } from '@fangpin/testing';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { assessment, hail, profile, YIJIU, YONGDING, type HouseholdSpec, type ShockSpec } from './support/world.js';

const PIG = 100;
/** Households of two townships, odd ones in 永定镇; every third without pigs. */
const county: HouseholdSpec[] = Array.from({ length: 60 }, (_, i) => ({
  id: i + 1,
  township: i % 2 === 0 ? YONGDING : YIJIU,
  maize: 100,
  pigs: i % 3 === 0 ? 0 : 8,
  perCapitaYuan: 8_600,
}));
const keepers = (township: number): number =>
  county.filter((household) => household.pigs && household.township === township).length;

function swineFever(spec: ShockSpec, reported: readonly (readonly [number, number, number])[]): Shock {
  const shock = hail({ ...spec, kind: 'african-swine-fever', level: 0 });
  for (const [township, deadHeads, culledHeads] of reported)
    shock.animalDisease.push(
      create(AreaAnimalsSchema, { region: String(township), product: PIG, deadHeads, culledHeads }),
    );
  return shock;
}

describe('swine fever', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
    await world.households(county.map(profile), county.map(assessment));
  });
  afterAll(() => world.stop());

  const get = async (url: string) => {
    const headers = { authorization: `Bearer ${await world.token()}` };
    return (await world.app.inject({ url, headers })).json() as Record<string, unknown>;
  };

  it('that is reported reaches the keepers of pigs where heads were counted, and explains itself', async () => {
    const id = randomUUID();
    await world.shock(swineFever({ id, policyVersion: world.policyVersion }, [[YONGDING, 60, 40]]));
    expect(await world.settled(id, 'done')).toMatchObject({ exposed: keepers(YONGDING), alerted: keepers(YONGDING) });
    const [first] = (await get(`/v1/alerts?shockId=${id}`))['items'] as { id: string }[];
    const alert = await get(`/v1/alerts/${first?.id}`);
    expect(alert).toMatchObject({
      cause: 'animal-disease',
      explanation: {
        recomputed: true,
        inputs: {
          animalDisease: {
            reported: [{ product: '生猪', deadHeads: 60, culledHeads: 40, standing: keepers(YONGDING) * 8 }],
            compensation: [{ product: '生猪', fenPerHead: 120_000 }],
          },
        },
      },
    });
    const { text, policy } = alert['explanation'] as { text: string; policy: { records: { key: string }[] } };
    expect(text).toMatch(
      /发生非洲猪瘟疫情，已上报生猪死亡60头、扑杀40头.+养有生猪8头.+扑杀的按补助标准生猪每头1,200元/,
    );
    expect(policy.records.map(({ key }) => key)).toEqual(
      expect.arrayContaining(['animal-disease', 'culling-compensation', 'animal-price']),
    );
  });

  it('that nobody has counted yet reaches all keepers of its area, until a report names the township', async () => {
    const id = randomUUID();
    await world.shock(swineFever({ id, policyVersion: world.policyVersion }, []));
    const exposed = keepers(YONGDING) + keepers(YIJIU);
    expect(await world.settled(id, 'done')).toMatchObject({ exposed });
    await world.shock(swineFever({ id, policyVersion: world.policyVersion, version: 2 }, [[YIJIU, 30, 20]]));
    await eventually(async () =>
      expect(await world.settled(id, 'done')).toMatchObject({ withdrawn: keepers(YONGDING) }),
    );
    await world.shock(
      swineFever({ id, policyVersion: world.policyVersion, version: 3, state: ShockState.CANCELLED }, []),
    );
    expect(await world.settled(id, 'recalled')).toMatchObject({ withdrawn: exposed });
  });

  it('can be tried beforehand', async () => {
    const simulate = async (shock: object) => {
      const response = await world.app.inject({
        method: 'POST',
        url: '/v1/simulations',
        headers: { authorization: `Bearer ${await world.token()}` },
        payload: { shock },
      });
      return { status: response.statusCode, body: response.json() as Record<string, unknown> };
    };
    const animalDisease = [{ region: String(YIJIU), product: '生猪', deadHeads: 30, culledHeads: 50 }];
    const tried = await simulate({ kind: '非洲猪瘟', animalDisease });
    expect(tried).toMatchObject({ status: 200 });
    expect(JSON.stringify(tried.body)).toContain(`"exposed":${keepers(YIJIU)}`);
    expect((await simulate({ kind: 'hail', animalDisease })).status).toBe(400);
    expect((await simulate({ kind: '非洲猪瘟', animalDisease: [{ region: '9', product: '玉米' }] })).status).toBe(400);
  });
});
