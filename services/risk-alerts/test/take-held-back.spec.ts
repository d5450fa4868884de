import { randomUUID } from 'node:crypto';
import { originOf } from '@fangpin/domain-kit';
import { cellScope } from '@fangpin/persistence';
import { NoPolicy } from '@fangpin/policy';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { forgetWithheld } from '../src/fan-out/withheld.js';
import { TakeHeldBack } from '../src/joint/take-held-back.js';
import { PolicyVersions } from '../src/policy/policy-versions.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { assessment, hail, profile, revision, type HouseholdSpec } from './support/world.js';

/** Well off: the hail alone brings none of them near the line. */
const county: HouseholdSpec[] = Array.from({ length: 250 }, (_, i) => ({
  id: i + 1,
  maize: 4_000,
  perCapitaYuan: 24_000,
}));

describe('taking up what slices have held back', () => {
  let world: World;
  let take: TakeHeldBack;

  beforeAll(async () => {
    // Pages of a hundred; nothing is taken up but by this spec.
    const env = { FANGPIN_EPISODE_PAGE_ROWS: '100', FANGPIN_EPISODE_LOOK_SECONDS: '3600' };
    world = await startWorld({ sliceHouseholds: 1_000, env });
    take = world.app.get(TakeHeldBack);
    await world.households(county.map(profile), county.map(assessment));
  });
  afterAll(() => world.stop());
  afterEach(async () => {
    jest.restoreAllMocks();
    while (await take.slice(yes));
  });

  const yes = () => Promise.resolve(true);
  const no = () => Promise.resolve(false);
  const storm = async (): Promise<{ id: string; origin: number }> => {
    const id = randomUUID();
    await world.shock(hail({ id, policyVersion: world.policyVersion, level: 3 }));
    expect(await world.settled(id, 'done')).toMatchObject({ alerted: 0 });
    return { id, origin: originOf(id, 'crop-disaster') };
  };
  const sql = (text: string, values: readonly unknown[]): Promise<Record<string, unknown>[]> =>
    world.database.transaction(cellScope('spec'), (tx) => tx.query(text, values));
  const taken = async (origin: number): Promise<number> =>
    (await sql('SELECT 1 FROM held_back_losses WHERE origin = $1', [origin])).length;
  const waits = async (origin: number): Promise<boolean> =>
    (await sql('SELECT 1 FROM slices WHERE origin = $1 AND held_back_at IS NULL', [origin])).length > 0;

  it('goes on after the household at which it was cut off, whoever was looked at meanwhile', async () => {
    const { origin } = await storm();
    expect(await take.slice(no)).toBe(true);
    expect([await taken(origin), await waits(origin)]).toEqual([100, true]);
    const looked = Array.from({ length: 30 }, (_, i) => i + 1);
    const writer = await world.db.open({ url: world.db.writerUrl, poolSize: 1 });
    await writer.transaction(cellScope('spec'), (tx) => forgetWithheld(tx, origin, looked));
    await writer.close();
    expect(await take.slice(yes)).toBe(true);
    expect([await taken(origin), await waits(origin)]).toEqual([250, false]);
  });

  it('passes by a slice for which the policy has no value, and takes up those after it', async () => {
    const [first, second] = [await storm(), await storm()];
    const none = new NoPolicy('crop-loss', 'maize', '532327', '2026-07-01');
    jest.spyOn(world.app.get(PolicyVersions), 'get').mockRejectedValueOnce(none);
    while (await take.slice(yes));
    expect([await taken(first.origin), await waits(first.origin)]).toEqual([0, false]);
    expect([await taken(second.origin), await waits(second.origin)]).toEqual([250, false]);
  });

  it.each([
    ['awaits the word of an officer', ['awaiting-confirmation'], 250],
    ['awaited it till the next came, which awaits it too', ['superseded', 'awaiting-confirmation'], 250],
    ['touches nobody', ['done'], 0],
  ])('takes up those of a revision after which one %s', async (_, later, expected) => {
    const { origin } = await storm();
    const admin = await world.db.open({ url: world.db.adminUrl, poolSize: 1 });
    await admin.dataSource.query(`UPDATE fan_outs SET state = 'superseded' WHERE origin = $1`, [origin]);
    for (const [at, state] of later.entries())
      await admin.dataSource.query(
        `INSERT INTO fan_outs (origin, shock_revision, direction, state, policy_version, judged_on, shock, pins, lane)
         SELECT origin, $2, direction, $3, policy_version, judged_on, shock, pins, lane FROM fan_outs
         WHERE origin = $1 AND shock_revision = $4`,
        [origin, revision(at + 2), state, revision(1)],
      );
    await admin.close();
    expect(await take.slice(yes)).toBe(true);
    expect([await taken(origin), await waits(origin)]).toEqual([expected, false]);
  });
});
