import { randomUUID } from 'node:crypto';
import { create } from '@bufbuild/protobuf';
import { CaseEventSchema, CheckResult, ChecksFoundSchema, topics } from '@fangpin/contracts';
import { originOf } from '@fangpin/domain-kit';
import { encodeEvent } from '@fangpin/messaging';
import { cellScope } from '@fangpin/persistence';
import { eventually } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EpisodeWorker } from '../src/episodes/episode-worker.js';
import type { EpisodeWithSteps } from '../src/episodes/episode.responses.js';
import { alertRevision } from '../src/fan-out/alert-revision.js';
import { asOwner, compared, QUICK_COMPARISONS } from './support/comparisons.js';
import { OwnersDesk } from './support/owners-desk.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { TallyDesk } from './support/tally-desk.js';
import { assessment, dutyOf, hail, profile, revision, YONGDING, type HouseholdSpec } from './support/world.js';

const county: HouseholdSpec[] = Array.from({ length: 8 }, (_, i) => ({ id: i + 1, maize: 400, perCapitaYuan: 9_000 }));
const RED = 4;

describe('the comparison of what checks found with assistance-cases', () => {
  let world: World;
  let desk: TallyDesk;
  const storm = randomUUID();
  const origin = originOf(storm, 'crop-disaster');
  let checkedAt: number;

  beforeAll(async () => {
    world = await startWorld({ env: QUICK_COMPARISONS });
    desk = new TallyDesk(world.producer);
    await desk.listen(world.bus);
    const owners = new OwnersDesk(world.producer);
    owners.know(county.map(profile), county.map(assessment));
    await owners.listen(world.bus);
    await world.households(county.map(profile), county.map(assessment));
    await strike(1, 2);
    await Promise.all(county.map(({ id }) => becomes(id, { state: 'open' })));
    ({ severity: checkedAt } = await episode(1));
  }, 120_000);
  afterAll(() => world.stop());

  const strike = async (version: number, level: number): Promise<void> => {
    const { policyVersion } = world;
    await world.shock(hail({ id: storm, policyVersion, regions: [String(YONGDING)], level, version }));
    const said = BigInt(alertRevision(revision(version), 1));
    await eventually(() =>
      expect([...desk.at(origin, YONGDING).values()].map((alert) => alert.revision)).toEqual(county.map(() => said)),
    );
    await world.settled(storm, 'done');
  };
  const episode = async (household: number): Promise<EpisodeWithSteps> => {
    const headers = { authorization: `Bearer ${await world.token('helper')}` };
    return (await world.app.inject({ url: `/v1/risk-episodes/${household}.crop-disaster.1`, headers })).json();
  };
  const becomes = (household: number, change: object): Promise<void> =>
    eventually(async () => expect(await episode(household)).toMatchObject(change));
  /** A check is recorded there; `lost` on its way here. */
  const check = async (household: number, upTo: number, { item = 1, lost = false } = {}): Promise<void> => {
    desk.checks.set(`${origin}/${household}`, { upTo, revision: revision(item) });
    if (lost) return;
    const value = create(ChecksFoundSchema, {
      township: String(YONGDING),
      result: CheckResult.NO_RISK,
      checkedOn: '2026-07-20',
      origins: [BigInt(origin)],
      householdIds: [BigInt(household)],
      dutyCodes: [BigInt(dutyOf({ id: household }))],
      revisions: [BigInt(revision(item))],
      alertRevisions: [BigInt(alertRevision(revision(1), 1))],
      answeredUpTo: [upTo],
    });
    const event = create(CaseEventSchema, { body: { case: 'checked', value } });
    await world.producer.send(topics.case, [encodeEvent(topics.case, event, { key: String(YONGDING) })]);
  };
  const checksLost = (households: number): object[] => [
    { subject: 'answers', shockId: storm, kind: 'checks-lost', state: 'mended', households },
  ];
  const ENDED = { state: 'ended', endedWhy: 'checked-no-risk' };

  it('agrees where nothing was lost', async () => {
    await check(1, checkedAt);
    await becomes(1, ENDED);
    expect(await compared(world)).toMatchObject({ compared: 1, agreed: 1, alarms: 0, findings: [] });
  });

  it('fetches a check whose message was lost, and ends the risk that nobody saw', async () => {
    for (const household of [2, 3]) await check(household, checkedAt, { lost: true });
    const run = await compared(world);
    expect(run).toMatchObject({ mended: 1, alarms: 0 });
    expect(run.findings).toMatchObject(checksLost(2));
    for (const household of [2, 3]) await becomes(household, ENDED);
    // No alert was published again for it.
    expect(new Set(world.batches.map((batch) => batch.revision)).size).toBe(1);
    expect(await compared(world)).toMatchObject({ agreed: 1, findings: [] });
  });

  it('fetches checks that were noted and lost here', async () => {
    await asOwner(
      world,
      `UPDATE episode_alerts SET checked_up_to = NULL, check_revision = NULL WHERE household_id = 1`,
    );
    expect((await compared(world)).findings).toMatchObject(checksLost(1));
    await eventually(async () => {
      await world.app.get(EpisodeWorker).round();
      expect(await noted()).toEqual([1, 2, 3]);
    });
  });

  it('lets a check go that does not answer for the alert any more', async () => {
    desk.checks.set(`${origin}/3`, { upTo: 0, revision: revision(2) });
    expect((await compared(world)).findings).toMatchObject(checksLost(1));
    await becomes(3, { state: 'open', endedWhy: null });
    expect(await compared(world)).toMatchObject({ agreed: 1, findings: [] });
  });

  it('knows that a worse revision is answered by no check, whether an episode has followed it or not', async () => {
    await strike(2, RED);
    for (const household of [1, 2]) desk.checks.set(`${origin}/${household}`, { upTo: 0, revision: revision(3) });
    expect(await compared(world)).toMatchObject({ agreed: 1, alarms: 0, findings: [] });
  });

  it('tells of a check that it cannot fetch', async () => {
    // What is said of it is older than what is known here.
    await check(4, RED, { item: 9 });
    await becomes(4, ENDED);
    desk.checks.set(`${origin}/4`, { upTo: 0, revision: revision(1) });
    const run = await compared(world);
    expect(run.findings).toMatchObject([{ subject: 'answers', kind: 'still-differs', state: 'alarm' }]);
  });

  async function noted(): Promise<number[]> {
    const rows = await world.database.transaction(cellScope('spec'), (tx) =>
      tx.query<{ id: number }>(
        'SELECT household_id AS id FROM episode_alerts WHERE checked_up_to IS NOT NULL ORDER BY household_id',
      ),
    );
    return rows.map(({ id }) => id);
  }
});
