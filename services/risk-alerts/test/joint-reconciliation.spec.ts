import { randomUUID } from 'node:crypto';
import { ShockState } from '@fangpin/contracts';
import { cellScope } from '@fangpin/persistence';
import { eventually } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { asOwner, compared, QUICK_COMPARISONS } from './support/comparisons.js';
import { OwnersDesk } from './support/owners-desk.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { TallyDesk } from './support/tally-desk.js';
import { assessment, hail, pigPriceFall, profile, YIJIU, YONGDING, type HouseholdSpec } from './support/world.js';

/** Of either township: maize and pigs, each a little trouble. */
const county: HouseholdSpec[] = [11, 12, 13, 21, 22].map((id) => ({
  ...{ id, township: id < 20 ? YONGDING : YIJIU, maize: 600, pigs: 3, perCapitaYuan: 10_800 },
}));

describe('the comparison of joint alerts with assistance-cases', () => {
  let world: World;
  let desk: TallyDesk;
  const [storm, other, pigs] = [randomUUID(), randomUUID(), randomUUID()];
  const origins = new Map<number, number>();

  beforeAll(async () => {
    world = await startWorld({ env: { ...QUICK_COMPARISONS, FANGPIN_FINDINGS_QUIET_SECONDS: '900' } });
    desk = new TallyDesk(world.producer);
    await desk.listen(world.bus);
    const owners = new OwnersDesk(world.producer);
    owners.know(county.map(profile), county.map(assessment));
    await owners.listen(world.bus);
    await world.households(county.map(profile), county.map(assessment));
    const { policyVersion } = world;
    await world.shock(hail({ id: storm, policyVersion, regions: [String(YONGDING)], level: 3 }));
    await world.shock(hail({ id: other, policyVersion, regions: [String(YIJIU)], level: 3 }));
    await world.shock(pigPriceFall({ id: pigs, policyVersion }, 3_246, 1_093));
    for (const shock of [storm, other, pigs]) await world.settled(shock, 'done');
    await answered(county.length);
    for (const { household_id, origin } of await joints()) origins.set(household_id, origin);
    expect(origins.size).toBe(county.length);
  }, 120_000);
  afterAll(() => world.stop());

  const sql = <Row extends Record<string, unknown>>(text: string): Promise<Row[]> =>
    world.database.transaction(cellScope('spec'), (tx) => tx.query<Row>(text));
  const joints = () => sql<{ household_id: number; origin: number }>('SELECT household_id, origin FROM joint_alerts');
  /** All slices are published, and so many revisions of joint alerts answered. */
  const answered = (count: number): Promise<void> =>
    eventually(
      async () => {
        const rows = await sql(
          `SELECT DISTINCT origin, alert_revision FROM triage_answers JOIN origins USING (origin) WHERE joint_id IS NOT NULL`,
        );
        expect(rows).toHaveLength(count);
        expect(await sql(`SELECT 1 FROM slices WHERE state <> 'published'`)).toEqual([]);
      },
      { timeoutMs: 30_000 },
    );
  const forget = (households: readonly number[]): Promise<void> =>
    asOwner(world, 'DELETE FROM triage_answers WHERE origin = ANY($1::bigint[])', [
      households.map((household) => origins.get(household)),
    ]);
  const held = (household: number): Map<number, unknown> =>
    desk.at(origins.get(household) ?? 0, household < 20 ? YONGDING : YIJIU);
  const JOINT = { subject: 'joint-answers', shockId: null, cause: null };

  it('asks by township, beside the shocks, and agrees where nothing was lost', async () => {
    // Three shocks: two of one township, one of both; and the joint alerts of either.
    expect(await compared(world)).toMatchObject({ compared: 6, agreed: 6, mended: 0, alarms: 0, findings: [] });
  });

  it('fetches answers that were lost', async () => {
    await forget([11, 21]);
    const run = await compared(world);
    expect(run).toMatchObject({ mended: 2, alarms: 0 });
    expect(run.findings).toMatchObject(
      Array(2).fill({ ...JOINT, kind: 'answers-lost', state: 'mended', households: 1 }),
    );
    await answered(county.length);
  });

  it('publishes joint alerts again that never arrived, and those that were lost there after they had been answered', async () => {
    await forget([12]);
    held(12).clear();
    held(22).clear();
    const run = await compared(world);
    expect(run).toMatchObject({ mended: 2, alarms: 0 });
    expect(run.findings).toMatchObject(
      Array(2).fill({ ...JOINT, kind: 'alerts-lost', state: 'mended', households: 1 }),
    );
    expect([held(12).size, held(22).size]).toEqual([1, 1]);
    await answered(county.length);
    expect(await compared(world)).toMatchObject({ agreed: 6, findings: [] });
  });

  it('publishes withdrawals again that were lost, as they were', async () => {
    const { policyVersion } = world;
    const state = ShockState.CANCELLED;
    await world.shock(hail({ id: other, policyVersion, regions: [String(YIJIU)], level: 3, version: 2, state }));
    await world.settled(other, 'recalled');
    await answered(county.length + 2);
    const before = [...held(21)];
    await forget([21]);
    held(21).clear();
    expect((await compared(world)).findings).toMatchObject([{ ...JOINT, kind: 'alerts-lost', state: 'mended' }]);
    expect([...held(21)]).toEqual(before);
  });

  it('tells of a joint alert that is held there and was never raised here', async () => {
    const known = origins.get(11) ?? 0;
    desk.others = [
      [known, 11],
      [4_711, 12],
    ];
    const run = await compared(world);
    desk.others = [];
    expect(run.findings).toMatchObject(
      Array(2).fill({ ...JOINT, kind: 'never-alerted', state: 'alarm', households: 1, sample: [12] }),
    );
  });
});
