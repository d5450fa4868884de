/** A damage report over a county, and what one of its villages answers to it (docs/adr/0064): two shocks, one trouble. */
import { randomUUID } from 'node:crypto';
import { create } from '@bufbuild/protobuf';
import { AreaDamageSchema, type Shock } from '@fangpin/contracts';
import { composeDerivedId, originOf } from '@fangpin/domain-kit';
import { eventually } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EpisodeWithSteps } from '../src/episodes/episode.responses.js';
import type { PictureResponse } from '../src/episodes/picture.responses.js';
import { addsUp } from '../src/ledger/ledger-sql.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { assessment, hail, profile, YIJIU, type HouseholdSpec } from './support/world.js';

const COUNTY = '532327';
const VILLAGE = '532327101201';
const HIT = 1;

/** Two growers of eight mu in one village, and a farm elsewhere that makes the county a county of 20,000 mu. */
const county: HouseholdSpec[] = [
  ...[HIT, 2].map((id) => ({ id, maize: 800, perCapitaYuan: 9_000 })),
  { id: 3, township: YIJIU, maize: 2_000_000, perCapitaYuan: 9_000_000 },
];

describe('a report that tells of a county as a whole', () => {
  let world: World;
  const [wide, answer] = [randomUUID(), randomUUID()];

  beforeAll(async () => {
    world = await startWorld();
    await world.households(county.map(profile), county.map(assessment));
  });
  afterAll(() => world.stop());

  const lost = (id: string, region: string, mu: number, version = 1): Shock => {
    const shock = hail({ id, policyVersion: world.policyVersion, regions: [region], version });
    const centimu = BigInt(mu * 100);
    const figures = { cropHitCentimu: centimu, cropDamagedCentimu: centimu, cropLostCentimu: centimu };
    shock.damage.push(create(AreaDamageSchema, { region, ...figures }));
    return shock;
  };
  const get = async <T>(path: string): Promise<T> => {
    const headers = { authorization: `Bearer ${await world.token('helper', COUNTY)}` };
    return (await world.app.inject({ url: `/v1/${path}`, headers })).json<T>();
  };
  const alertOf = (shockId: string): string =>
    composeDerivedId({ origin: originOf(shockId, 'crop-disaster'), householdId: HIT });

  it('alerts nobody for few mu, and the answer of the village those who live there', async () => {
    await world.shock(lost(wide, COUNTY, 300));
    expect(await world.settled(wide, 'done')).toMatchObject({ exposed: 3, alerted: 0, withheld: 3 });
    await world.shock(lost(answer, VILLAGE, 16));
    expect(await world.settled(answer, 'done')).toMatchObject({ exposed: 2, alerted: 2, withheld: 0 });
  });

  it('and alerts for much is with the answer one episode of a household, whose field is lost once', async () => {
    await world.shock(lost(wide, COUNTY, 15_000, 2));
    await eventually(async () => {
      const { fedBy } = await get<EpisodeWithSteps>(`risk-episodes/${HIT}.crop-disaster.1`);
      expect(fedBy.map(({ alertId }) => alertId).sort()).toEqual([wide, answer].map(alertOf).sort());
    });
    const { episodes, projection } = await get<PictureResponse>(`risk-pictures/${HIT}`);
    expect(episodes.map(({ cause, alerts }) => [cause, alerts])).toEqual([['crop-disaster', 2]]);
    expect(projection?.notAdded).toEqual([alertOf(wide)]);
    const ledgers = [await world.settled(wide, 'done'), await world.settled(answer, 'done')];
    expect(ledgers.map(({ exposed }) => exposed)).toEqual([3, 2]);
    expect(ledgers.map(addsUp)).toEqual([true, true]);
  });
});
