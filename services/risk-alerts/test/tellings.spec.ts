import { randomUUID } from 'node:crypto';
import { create } from '@bufbuild/protobuf';
import { CaseEventSchema, HouseholdState, topics, TriageOutcome } from '@fangpin/contracts';
import { parseDerivedId, shanghaiDay, type Clock } from '@fangpin/domain-kit';
import { encodeEvent } from '@fangpin/messaging';
import { cellScope } from '@fangpin/persistence';
import { CLOCK } from '@fangpin/service-kit';
import { eventually } from '@fangpin/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { EpisodePage, EpisodeWithSteps } from '../src/episodes/episode.responses.js';
import { EpisodeWorker } from '../src/episodes/episode-worker.js';
import type { TellingResponse } from '../src/episodes/telling.request.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { assessment, hail, pigPriceFall, profile, YIJIU, YONGDING, type HouseholdSpec } from './support/world.js';

const DAY_MS = 86_400_000;
const TODAY = shanghaiDay(new Date());
const YESTERDAY = shanghaiDay(new Date(Date.now() - DAY_MS));

const county: HouseholdSpec[] = [
  { id: 1, maize: 600, pigs: 3, perCapitaYuan: 10_800 },
  { id: 2, township: YIJIU, maize: 400, perCapitaYuan: 9_000 },
  { id: 3, township: YIJIU, maize: 400, perCapitaYuan: 9_000 },
];

describe('what a household has been told', () => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld();
    await world.households(county.map(profile), county.map(assessment));
  });
  afterEach(() => void jest.restoreAllMocks());
  afterAll(() => world.stop());

  const call = async <T>(method: 'GET' | 'POST', path: string, payload?: object): Promise<T> => {
    const headers = { authorization: `Bearer ${await world.token('helper')}` };
    const asked = { method, url: `/v1/${path}`, headers, ...(payload === undefined ? {} : { payload }) };
    return (await world.app.inject(asked)).json<T>();
  };
  const told = (householdId: number, on = TODAY): Promise<TellingResponse> =>
    call('POST', `risk-pictures/${householdId}/told`, { on, how: 'phone' });
  const episode = (id: string): Promise<EpisodeWithSteps> => call('GET', `risk-episodes/${id}`);
  const toTell = async (householdId: number): Promise<string[]> =>
    (await call<EpisodePage>('GET', `risk-episodes?householdId=${householdId}&toTell=true`)).items.map(({ id }) => id);
  const openOf = async (householdId: number): Promise<string[]> =>
    (await call<EpisodePage>('GET', `risk-episodes?householdId=${householdId}&state=open`)).items.map(({ id }) => id);
  const sql = (text: string): Promise<Record<string, unknown>[]> =>
    world.database.transaction(cellScope('spec'), (tx) => tx.query(text));
  const strike = async (township: number, level: number, id: string = randomUUID(), version = 1): Promise<string> => {
    const { policyVersion } = world;
    await world.shock(hail({ id, policyVersion, regions: [String(township)], level, version }));
    await world.settled(id, 'done');
    return id;
  };

  it('counts as often as it was no repeat, though the same helper telephoned each time', async () => {
    await strike(YONGDING, 3);
    await eventually(async () => expect(await openOf(1)).toEqual(['1.crop-disaster.1']));
    expect(await told(1)).toMatchObject({ tellingsOfDay: 1, quietUntil: null });
    const pigs = randomUUID();
    await world.shock(pigPriceFall({ id: pigs, policyVersion: world.policyVersion }, 3_246, 1_093));
    await world.settled(pigs, 'done');
    await eventually(async () => expect(await toTell(1)).toEqual(['1.price-fall.1']));
    const second = await told(1);
    expect(second).toMatchObject({ tellingsOfDay: 2 });
    expect(second.episodes.map(({ id, recorded }) => [id, recorded])).toEqual([
      ['1.crop-disaster.1', false],
      ['1.price-fall.1', true],
    ]);
    // Twice a day is enough (policy `tellings`): what comes now waits until tomorrow.
    expect(second.quietUntil).not.toBeNull();
    await strike(YONGDING, 4);
    await eventually(async () => expect((await episode('1.crop-disaster.1')).tellFrom).not.toBeNull());
    expect(await toTell(1)).toEqual([]);
    // The same again was told, and is told no third time.
    expect(await told(1)).toMatchObject({ tellingsOfDay: 3 });
    expect(await told(1)).toMatchObject({ tellingsOfDay: 3 });
  });

  it('is what stood on the day, however late it is entered, so that what grew worse since is told at once', async () => {
    const clock = world.app.get<Clock>(CLOCK);
    const yesterday = jest.spyOn(clock, 'now').mockImplementation(() => new Date(Date.now() - DAY_MS));
    const storm = await strike(YIJIU, 2);
    await eventually(async () => expect(await openOf(2)).toHaveLength(1));
    yesterday.mockRestore();
    const [id = ''] = await openOf(2);
    const before = await episode(id);
    expect(shanghaiDay(new Date(before.openedAt))).toBe(YESTERDAY);
    await strike(YIJIU, 4, storm, 2);
    await eventually(async () => expect((await episode(id)).severity).toBeGreaterThan(before.severity));

    const { episodes } = await told(2, YESTERDAY);
    expect(episodes).toEqual([{ id, severity: before.severity, recorded: true }]);
    const { told: last, steps } = await episode(id);
    expect(last).toMatchObject({ severity: before.severity, how: 'phone' });
    expect(steps.filter(({ step }) => step === 'told').map(({ severity, on }) => [severity, on])).toEqual([
      [before.severity, YESTERDAY],
    ]);
    expect(await toTell(2)).toEqual([id]);
    const twoDaysAgo = shanghaiDay(new Date(Date.now() - 2 * DAY_MS));
    expect(await told(2, twoDaysAgo)).toMatchObject({ status: 400, errors: [{ field: 'on' }] });
  });

  it('is not on the village board what shows the health of a member, by itself or in a risk of several causes', async () => {
    const board = (path: string): Promise<unknown> => call('POST', path, { on: TODAY, how: 'village-board' });
    const refused = { status: 400, code: 'EPISODE.HEALTH_IN_PUBLIC', errors: [{ field: 'how' }] };
    const episodeOf = (householdId: number, cause: string): Promise<unknown> =>
      sql(`INSERT INTO risk_episodes (household_id, cause, ordinal, duty_code, state, opened_at, severity, peak_severity,
             last_raised_at, alerts, tell_from)
           VALUES (${householdId}, '${cause}', 1, ${YIJIU}201001, 'open', now(), 3, 3, now(), 1, now())`);
    await episodeOf(11, 'illness');
    await episodeOf(11, 'price-fall');
    expect(await board('risk-pictures/11/told')).toMatchObject(refused);
    expect(await board('risk-episodes/11.illness.1/told')).toMatchObject(refused);
    expect(await toTell(11)).toHaveLength(2);
    expect(await board('risk-episodes/11.price-fall.1/told')).toMatchObject({ tellingsOfDay: 1 });
    await episodeOf(12, 'several');
    await sql(`INSERT INTO joint_alerts (household_id, ordinal, origin, duty_code, state, revision, severity, causes, members,
                 member_revisions, raised_at)
               SELECT 12, 1, min(origin), ${YIJIU}201001, 'raised', 1, 3, '{crop-disaster,illness}', '{}', '{}', now() FROM origins`);
    expect(await board('risk-episodes/12.several.1/told')).toMatchObject(refused);
  });

  it('is asked for of nobody who has moved out or is dissolved, until the household is back', async () => {
    const [id = ''] = await openOf(3);
    const becomes = async (state: HouseholdState, version: number, asked: string[]): Promise<void> => {
      await world.households([profile({ ...county[2], id: 3, state, version })], []);
      await eventually(async () => expect(await toTell(3)).toEqual(asked));
    };
    expect(await toTell(3)).toEqual([id]);
    await becomes(HouseholdState.MOVED_OUT, 2, []);
    await becomes(HouseholdState.ACTIVE, 3, [id]);
    await becomes(HouseholdState.DISSOLVED, 4, []);
    // It is a risk still, for those who have to close its case.
    expect(await openOf(3)).toEqual([id]);
  });

  it('stands while triage has an open case for it, though nobody renews it', async () => {
    const [id = ''] = await openOf(2);
    const [alert] = (await episode(id)).fedBy;
    const { origin } = parseDerivedId(alert?.alertId ?? '');
    const [row] = await sql(`SELECT revision FROM episode_alerts WHERE household_id = 2 AND origin = ${origin}`);
    const answer = create(CaseEventSchema, {
      body: {
        case: 'triage',
        value: {
          shockId: alert?.alertId ?? '',
          origin: BigInt(origin),
          alertRevision: BigInt(Number(row?.['revision'])),
          township: String(YIJIU),
          householdIds: [2n],
          outcomes: [TriageOutcome.OPENED],
          caseOrigins: [BigInt(origin)],
        },
      },
    });
    await world.producer.send(topics.case, [encodeEvent(topics.case, answer, { key: String(YIJIU) })]);
    const answers = `SELECT 1 FROM triage_answers WHERE origin = ${origin} AND case_origins = ARRAY[${origin}::bigint]`;
    await eventually(async () => expect(await sql(answers)).toHaveLength(1));
    const clock = world.app.get<Clock>(CLOCK);
    jest.spyOn(clock, 'now').mockImplementation(() => new Date(Date.now() + 400 * DAY_MS));
    await eventually(async () => {
      await world.app.get(EpisodeWorker).round();
      expect(await sql(`SELECT 1 FROM episode_alerts WHERE due_at < '${clock.now().toISOString()}'`)).toEqual([]);
    });
    expect(await openOf(2)).toEqual([id]);
    // Those of the other household have nobody, and have passed.
    expect(await openOf(1)).toEqual([]);
  });
});
