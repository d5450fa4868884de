/** One illness of one person, told by two offices of a department: intake gives each a finding of its own (docs/adr/0040). */
import { randomUUID } from 'node:crypto';
import { FindingState } from '@fangpin/contracts';
import { composeDerivedId, originOf } from '@fangpin/domain-kit';
import { cellScope } from '@fangpin/persistence';
import { eventually } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EpisodeWithSteps } from '../src/episodes/episode.responses.js';
import { finding, MEDICAL } from './support/findings.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { assessment, profile, type HouseholdSpec } from './support/world.js';

const HOUSEHOLD: HouseholdSpec = { id: 1, perCapitaYuan: 9_000 };
const [COUNTY, PREFECTURE] = [randomUUID(), randomUUID()];

describe('an illness of which two offices tell', () => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld();
    await world.households([profile(HOUSEHOLD)], [assessment(HOUSEHOLD)]);
    await eventually(async () => {
      const rows = await world.database.transaction(cellScope('spec'), (tx) =>
        tx.query('SELECT 1 FROM exposure_a WHERE per_capita_fen > 0 AND active'),
      );
      expect(rows).toHaveLength(1);
    });
  });
  afterAll(() => world.stop());

  const tell = async (findingId: string, version: number, state = FindingState.RAISED): Promise<void> => {
    const refunded = { spentFen: 5_000_000n, refundedFen: 50_000n };
    await world.findings(finding(HOUSEHOLD, { ...MEDICAL, ...refunded, findingId, version, state }));
  };
  const get = async <T>(path: string): Promise<T> => {
    const headers = { authorization: `Bearer ${await world.token('helper', '532327')}` };
    return (await world.app.inject({ url: `/v1/${path}`, headers })).json<T>();
  };
  const alertOf = (findingId: string): string =>
    composeDerivedId({ origin: originOf(findingId, 'illness'), householdId: HOUSEHOLD.id });
  const episodeFedBy = async (...findings: readonly string[]): Promise<EpisodeWithSteps> => {
    const episode = await get<EpisodeWithSteps>('risk-episodes/1.illness.1');
    expect(episode.fedBy?.map(({ alertId }) => alertId).sort()).toEqual(findings.map(alertOf).sort());
    return episode;
  };

  it('is one episode of the household with two alerts, and lasts until both have taken theirs back', async () => {
    await tell(COUNTY, 1);
    await tell(PREFECTURE, 1);
    await eventually(async () => expect(await episodeFedBy(COUNTY, PREFECTURE)).toMatchObject({ state: 'open' }));
    const outcomeOf = async (id: string): Promise<unknown> =>
      (await get<{ outcome: unknown }>(`findings/${id}`)).outcome;
    await tell(COUNTY, 2, FindingState.WITHDRAWN);
    await eventually(async () => expect(await outcomeOf(COUNTY)).toBe('withdrawn'));
    expect(await outcomeOf(PREFECTURE)).toBe('alerted');
    await eventually(async () => {
      const { fedBy } = await episodeFedBy(COUNTY, PREFECTURE);
      expect(fedBy.find(({ alertId }) => alertId === alertOf(COUNTY))?.status).toBe('withdrawn');
    });
    expect(await episodeFedBy(COUNTY, PREFECTURE)).toMatchObject({ state: 'open' });
    await tell(PREFECTURE, 2, FindingState.WITHDRAWN);
    await eventually(async () =>
      expect(await get<EpisodeWithSteps>('risk-episodes/1.illness.1')).toMatchObject({ endedWhy: 'recalled' }),
    );
  });
});
