import { randomUUID } from 'node:crypto';
import { topics } from '@fangpin/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addsUp, type LedgerCounts } from '../src/ledger/ledger-sql.js';
import type { FanOutResponse } from '../src/ledger/fan-out.response.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { assessment, damaged, hail, profile, YIJIU, YONGDING, type HouseholdSpec } from './support/world.js';

/** All growers of the third township are well above the line: whom the hail touches there is withheld. */
const MENGHU = 532327103;
const county: HouseholdSpec[] = Array.from({ length: 30 }, (_, i) => {
  const township = [YONGDING, YIJIU, MENGHU][i % 3] as number;
  return { id: i + 1, township, maize: 400, perCapitaYuan: township === MENGHU || i < 6 ? 90_000 : 8_000 };
});

describe('who was withheld under an earlier revision', () => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld({ sliceHouseholds: 10 });
    await world.households(county.map(profile), county.map(assessment));
  });
  afterAll(() => world.stop());

  const revised = async (id: string, regions: readonly number[], version: number): Promise<LedgerCounts> => {
    const { policyVersion } = world;
    await world.shock(hail({ id, policyVersion, version, regions: regions.map(String) }));
    await world.heard(topics.shock);
    return world.settled(id, 'done');
  };
  const townshipsOf = async (id: string): Promise<Record<string, [alerted: number, withheld: number]>> => {
    const headers = { authorization: `Bearer ${await world.token()}` };
    const ledger = (await world.app.inject({ url: `/v1/shocks/${id}/fan-out`, headers })).json<FanOutResponse>();
    return Object.fromEntries(ledger.townships.map((one) => [one.region, [one.alerted, one.withheld]]));
  };

  it('counts no more where a smaller area does not reach, though nobody was alerted there', async () => {
    const id = randomUUID();
    expect(await revised(id, [532327], 1)).toMatchObject({ exposed: 30, alerted: 16, withheld: 14 });
    const ledger = await revised(id, [YIJIU], 2);
    // Eight of the first township were alerted and are taken back: they stay among the alerted, and nobody stays withheld there.
    expect(ledger).toMatchObject({ exposed: 18, alerted: 16, withheld: 2, withdrawn: 8 });
    expect(addsUp(ledger)).toBe(true);
    expect(await townshipsOf(id)).toEqual({ [YONGDING]: [8, 0], [YIJIU]: [8, 2] });
  });

  it('counts again where the area grows again', async () => {
    const id = randomUUID();
    await revised(id, [YIJIU, MENGHU], 1);
    expect(await revised(id, [YIJIU], 2)).toMatchObject({ exposed: 10, withheld: 2 });
    expect(await revised(id, [YIJIU, MENGHU], 3)).toMatchObject({ exposed: 20, withheld: 12 });
  });

  it('leaves nobody exposed where nobody was ever alerted and nobody is touched', async () => {
    const id = randomUUID();
    expect(await revised(id, [MENGHU], 1)).toMatchObject({ exposed: 10, alerted: 0, withheld: 10 });
    expect(await revised(id, [532301], 2)).toMatchObject({ exposed: 0, alerted: 0, withheld: 0 });
    expect(await townshipsOf(id)).toEqual({});
  });

  it('counts no more under a cause of which a later revision says nothing', async () => {
    const id = randomUUID();
    const { policyVersion } = world;
    await world.shock(hail({ id, policyVersion, regions: [String(MENGHU)] }));
    expect(await world.settled(id, 'done')).toMatchObject({ withheld: 10 });
    // A report of another township alone.
    await world.shock(damaged({ id, policyVersion, version: 2 }, 40, 40));
    await world.heard(topics.shock);
    await world.settled(id, 'done');
    expect(await townshipsOf(id)).toEqual({ [YONGDING]: expect.anything() });
  });
});
