import { randomUUID } from 'node:crypto';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { CaseEventSchema, CheckResult, ChecksFoundSchema, topics } from '@fangpin/contracts';
import { dutyRange, originOf, parseRegionCode } from '@fangpin/domain-kit';
import { encodeEvent } from '@fangpin/messaging';
import { cellScope } from '@fangpin/persistence';
import { loadPolicy } from '@fangpin/policy';
import { eventually } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { alertRevision } from '../src/fan-out/alert-revision.js';
import type { EpisodeWithSteps } from '../src/episodes/episode.responses.js';
import type { PictureResponse } from '../src/episodes/picture.responses.js';
import { countAtRisk, subjectKey } from '../src/regional/count-at-risk.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { assessment, dutyOf, hail, profile, revision, YONGDING, type HouseholdSpec } from './support/world.js';

const county: HouseholdSpec[] = Array.from({ length: 6 }, (_, i) => ({ id: i + 1, maize: 400, perCapitaYuan: 9_000 }));
const RED = 4;

describe('a check of a household', () => {
  let world: World;
  const [mild, worse] = [randomUUID(), randomUUID()];
  let checkedAt: number;

  beforeAll(async () => {
    world = await startWorld();
    await world.households(county.map(profile), county.map(assessment));
    await storm(mild, 2);
  });
  afterAll(() => world.stop());

  const storm = async (id: string, level: number, version = 1): Promise<void> => {
    await world.shock(hail({ id, policyVersion: world.policyVersion, regions: [String(YONGDING)], level, version }));
    await world.settled(id, 'done');
  };
  const read = async <T>(path: string): Promise<T> => {
    const headers = { authorization: `Bearer ${await world.token('helper')}` };
    return (await world.app.inject({ url: `/v1/${path}`, headers })).json<T>();
  };
  const episode = (household: number): Promise<EpisodeWithSteps> => read(`risk-episodes/${household}.crop-disaster.1`);
  const becomes = (household: number, change: object): Promise<EpisodeWithSteps> =>
    eventually(async () => {
      const now = await episode(household);
      expect(now).toMatchObject(change);
      return now;
    });
  const found = async (
    shock: string,
    households: readonly number[],
    upTo: number,
    change: MessageInitShape<typeof ChecksFoundSchema> & { item?: number; alert?: number } = {},
  ): Promise<void> => {
    const { item = 1, alert = 1, ...rest } = change;
    const value = create(ChecksFoundSchema, {
      township: String(YONGDING),
      result: upTo > 0 ? CheckResult.NO_RISK : CheckResult.RISK,
      checkedOn: '2026-07-20',
      origins: households.map(() => BigInt(originOf(shock, 'crop-disaster'))),
      householdIds: households.map(BigInt),
      dutyCodes: households.map((id) => BigInt(dutyOf({ id }))),
      revisions: households.map(() => BigInt(revision(item))),
      alertRevisions: households.map(() => BigInt(alertRevision(revision(alert), 1))),
      answeredUpTo: households.map(() => upTo),
      ...rest,
    });
    const event = create(CaseEventSchema, { body: { case: 'checked', value } });
    await world.producer.send(topics.case, [encodeEvent(topics.case, event, { key: String(YONGDING) })]);
  };
  const atRisk = async (): Promise<number> => {
    const share = loadPolicy().table('regional-warning', parseRegionCode('532327'), '2026-07-31').get('share')?.value;
    if (share === undefined) throw new Error('no record for shares');
    const { atRisk: counts } = await world.database.transaction(cellScope('spec'), (tx) =>
      countAtRisk(tx, dutyRange(parseRegionCode('532327')), new Map([['share', share] as const]), new Date()),
    );
    return [...(counts.get(subjectKey('share', ''))?.values() ?? [])].reduce((sum, n) => sum + n, 0);
  };

  it('that finds no risk ends what it answered, at once, and the ledger of the shock stays as it was', async () => {
    ({ severity: checkedAt } = await becomes(1, { state: 'open' }));
    const ledger = await world.settled(mild, 'done');
    const before = await atRisk();
    await found(mild, [1, 2], checkedAt);
    for (const household of [1, 2])
      await becomes(household, {
        ...{ state: 'ended', endedWhy: 'checked-no-risk', endedWhyName: '已排查无风险', severity: 0, tellFrom: null },
      });
    expect((await episode(3)).state).toBe('open');
    expect(await world.settled(mild, 'done')).toEqual(ledger);
    expect(await read<PictureResponse>('risk-pictures/1')).toMatchObject({
      episodes: [],
      answers: [],
      projection: null,
    });
    expect(await atRisk()).toBe(before - 2);
    // The same again, as after a crash.
    await found(mild, [1, 2], checkedAt);
    await found(mild, [3], 0, { item: 2 });
    await eventually(async () => expect(await waiting()).toBe(0));
    expect((await episode(1)).steps.map(({ step }) => step)).toEqual(['opened', 'ended']);
    expect((await episode(3)).state).toBe('open');
  });

  it('answers for a revision that is no worse, and a worse one takes the episode up again', async () => {
    await storm(mild, 2, 2);
    await followed(2);
    expect(await episode(1)).toMatchObject({ state: 'ended', endedWhy: 'checked-no-risk' });
    await storm(mild, RED, 3);
    await followed(3);
    const now = await episode(1);
    expect(now).toMatchObject({ state: 'open', endedWhy: null, endedWhyName: null });
    expect(now.severity).toBeGreaterThan(checkedAt);
    expect(now.steps.map(({ step }) => step)).toEqual(['opened', 'ended', 'reopened']);
  });

  it('of an alert that nobody follows yet waits for it', async () => {
    await found(worse, [5], RED);
    await eventually(async () => expect(await waiting()).toBe(1));
    await found(mild, [5], RED, { item: 3, alert: 3 });
    await becomes(5, { state: 'ended', endedWhy: 'checked-no-risk' });
    await storm(worse, RED);
    await eventually(async () => expect(await waiting()).toBe(0));
    await becomes(5, { state: 'ended', endedWhy: 'checked-no-risk' });
    await becomes(6, { state: 'open', alerts: 2 });
  });

  it('is not needed where the household has left: its risk ends at once, and stands again when it is back', async () => {
    await becomes(4, { state: 'open' });
    const before = await atRisk();
    const left = { result: CheckResult.MOVED_OUT, checkedOn: '', alert: 3 };
    await found(mild, [4], 5, { ...left, item: 2 });
    await found(worse, [4], 5, { ...left, item: 2, alert: 1 });
    await becomes(4, {
      ...{
        state: 'ended',
        endedWhy: 'household-left',
        endedWhyName: '该户已迁出或自然减少',
        severity: 0,
        tellFrom: null,
      },
    });
    expect(await atRisk()).toBe(before - 1);
    await found(mild, [4], 0, { result: CheckResult.UNSPECIFIED, checkedOn: '', item: 3, alert: 3 });
    await becomes(4, { state: 'open', endedWhy: null });
    expect(await atRisk()).toBe(before);
  });

  async function followed(version: number): Promise<void> {
    await eventually(async () => {
      const rows = await world.database.transaction(cellScope('spec'), (tx) =>
        tx.query('SELECT 1 FROM episode_alerts WHERE revision >= $1', [alertRevision(revision(version), 1)]),
      );
      expect(rows).toHaveLength(county.length);
    });
  }

  async function waiting(): Promise<number> {
    const rows = await world.database.transaction(cellScope('spec'), (tx) => tx.query('SELECT 1 FROM episode_checks'));
    return rows.length;
  }
});
