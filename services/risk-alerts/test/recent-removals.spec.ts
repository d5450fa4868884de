import { randomUUID } from 'node:crypto';
import { eventually } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { medicalCost } from './support/findings.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { assessment, hail, profile, type HouseholdSpec } from './support/world.js';

/** Alike but for the removal; the hail is of 2026-07-18, the findings of 2026-07-31. */
const [NEVER, LATELY, LONG_AGO, UNSAID, NO_DAY, LAST_DAY] = [1, 2, 3, 4, 5, 6];
const county: HouseholdSpec[] = [
  { id: NEVER },
  { id: LATELY, removedOn: '2026-05-20' },
  { id: LONG_AGO, removedOn: '2022-05-20' },
  { id: UNSAID, removedOn: '' },
  { id: NO_DAY, removedOn: '2022-02-30' },
  { id: LAST_DAY, removedOn: '2025-07-18' },
].map((one) => ({ ...one, maize: 1_000, perCapitaYuan: 11_500 }));

interface Explained {
  readonly severity: number;
  readonly reasons: string[];
  readonly explanation: {
    readonly text: string;
    readonly recomputed: boolean;
    readonly inputs: { readonly facts: string[]; readonly removedOn: string | null };
    readonly policy: { readonly records: { readonly key: string }[] };
  };
}

describe('households whose risk was removed', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
    await world.households(county.map(profile), county.map(assessment));
  });
  afterAll(() => world.stop());

  const get = async <T>(url: string): Promise<T> => {
    const headers = { authorization: `Bearer ${await world.token()}` };
    return (await world.app.inject({ method: 'GET', url, headers })).json<T>();
  };
  const alertOf = async (household: number, shockId?: string): Promise<Explained> => {
    const of = shockId === undefined ? '' : `&shockId=${shockId}`;
    const { items } = await get<{ items: { id: string }[] }>(`/v1/alerts?householdId=${household}${of}`);
    if (items[0] === undefined) throw new Error(`household ${household} has no alert`);
    return get<Explained>(`/v1/alerts/${items[0].id}`);
  };

  it('are looked at a level earlier under a shock for so long as the removal is recent on its day', async () => {
    const shockId = randomUUID();
    await world.shock(hail({ id: shockId, policyVersion: world.policyVersion }));
    await world.settled(shockId, 'done');
    const alerts = new Map<number, Explained>();
    for (const { id } of county) alerts.set(id, await alertOf(id, shockId));
    const severity = (id: number): number => alerts.get(id)?.severity ?? 0;
    const told = (id: number) => alerts.get(id)?.explanation;
    const plain = severity(NEVER);
    expect([LATELY, UNSAID, NO_DAY, LAST_DAY].map(severity)).toEqual(Array<number>(4).fill(plain + 1));
    expect(severity(LONG_AGO)).toBe(plain);
    expect([...alerts.values()].every(({ explanation }) => explanation.recomputed)).toBe(true);
    expect(told(LATELY)?.text).toContain('另外，于2026年5月20日才消除风险，所以提高一级看待。');
    expect(told(UNSAID)?.text).toContain('另外，消除过风险（哪一天没有登记），所以提高一级看待。');
    expect(told(LONG_AGO)?.text).not.toContain('消除');
    expect(told(LATELY)?.inputs).toMatchObject({ facts: ['recentlyRemoved'], removedOn: '2026-05-20' });
    expect(told(LONG_AGO)?.inputs).toMatchObject({ facts: [], removedOn: '2022-05-20' });
    // Both rest on the months, the one that is lifted and the one that is not.
    for (const id of [LATELY, LONG_AGO])
      expect(told(id)?.policy.records.map(({ key }) => key)).toContain('recent-removal');
    expect(told(NEVER)?.policy.records.map(({ key }) => key)).not.toContain('recent-removal');
  });

  it('are so under a finding of a department too, on its own day', async () => {
    await world.findings(...county.map((home) => medicalCost(home, 10_000)));
    const severities = await eventually(async () => {
      const found = new Map<number, Explained>();
      for (const { id } of county) {
        const { items } = await get<{ items: { id: string; cause: string }[] }>(`/v1/alerts?householdId=${id}`);
        const own = items.find(({ cause }) => cause === 'illness');
        if (own === undefined) throw new Error(`household ${id} has no alert of its finding`);
        found.set(id, await get<Explained>(`/v1/alerts/${own.id}`));
      }
      return found;
    });
    const of = (id: number): Explained => severities.get(id) as Explained;
    const plain = of(NEVER).severity;
    expect([LATELY, UNSAID].map((id) => of(id).severity)).toEqual([plain + 1, plain + 1]);
    // The twelve months of the last day of the hail ran out thirteen days before the finding.
    expect([LONG_AGO, LAST_DAY].map((id) => of(id).severity)).toEqual([plain, plain]);
    expect([...severities.values()].every(({ explanation }) => explanation.recomputed)).toBe(true);
    expect(of(LATELY).explanation.text).toContain('于2026年5月20日才消除风险');
    expect(of(LAST_DAY).explanation.inputs).toMatchObject({ facts: [], removedOn: '2025-07-18' });
  });
});
