import { randomUUID } from 'node:crypto';
import { create } from '@bufbuild/protobuf';
import { CaseEventSchema, ShockState, topics } from '@fangpin/contracts';
import { parseDerivedId, shanghaiDay, type Clock } from '@fangpin/domain-kit';
import { encodeEvent } from '@fangpin/messaging';
import { cellScope } from '@fangpin/persistence';
import { CLOCK } from '@fangpin/service-kit';
import { eventually } from '@fangpin/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { EpisodePage, EpisodeWithSteps } from '../src/episodes/episode.responses.js';
import { EpisodeWorker } from '../src/episodes/episode-worker.js';
import type { PictureResponse } from '../src/episodes/picture.responses.js';
import type { TellingResponse } from '../src/episodes/telling.request.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import {
  assessment,
  dutyOf,
  hail,
  pigPriceFall,
  profile,
  revision,
  YIJIU,
  YONGDING,
  type HouseholdSpec,
} from './support/world.js';

const DAY_MS = 86_400_000;
const TODAY = shanghaiDay(new Date());

/** Of 永定镇 with maize, some with pigs; one of 宜就镇. */
const county: HouseholdSpec[] = [
  ...[1, 2, 3, 4, 5, 6].map((id) => ({ id, maize: 400, perCapitaYuan: 9_000 })),
  ...[11, 12].map((id) => ({ id, maize: 600, pigs: 3, perCapitaYuan: 10_800 })),
  { id: 21, township: YIJIU, maize: 400, perCapitaYuan: 9_000 },
];

describe('risk episodes', () => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld({ env: { FANGPIN_EPISODE_PAGE_ROWS: '100' } });
    await world.households(county.map(profile), county.map(assessment));
  });
  afterEach(() => void jest.restoreAllMocks());
  afterAll(() => world.stop());

  const call = async <T>(
    method: 'GET' | 'POST',
    path: string,
    { role = 'helper', region = '532327', body }: { role?: string; region?: string; body?: object } = {},
  ): Promise<T> => {
    const response = await world.app.inject({
      method,
      url: `/v1/${path}`,
      headers: { authorization: `Bearer ${await world.token(role, region)}` },
      ...(body === undefined ? {} : { payload: body }),
    });
    return response.json<T>();
  };
  const list = (query: string, region?: string): Promise<EpisodePage> =>
    call('GET', `risk-episodes?${query}`, region === undefined ? {} : { region });
  const episode = (id: string): Promise<EpisodeWithSteps> => call('GET', `risk-episodes/${id}`);
  const stepsOf = async (id: string): Promise<string[]> => (await episode(id)).steps.map(({ step }) => step);
  const picture = (householdId: number): Promise<PictureResponse> => call('GET', `risk-pictures/${householdId}`);
  const told = (path: string, body: object = { on: TODAY, how: 'visit' }): Promise<TellingResponse> =>
    call('POST', `${path}/told`, { body });
  const round = (): Promise<void> => world.app.get(EpisodeWorker).round();
  /** As if so many days had passed: nothing is due by any other clock. */
  const daysLater = async (days: number): Promise<void> => {
    const clock = world.app.get<Clock>(CLOCK);
    const later = jest.spyOn(clock, 'now').mockImplementation(() => new Date(Date.now() + days * DAY_MS));
    await eventually(async () => {
      await round();
      const [waiting] = await world.database.transaction(cellScope('spec'), (tx) =>
        tx.query('SELECT 1 FROM episode_alerts WHERE due_at <= $1 LIMIT 1', [clock.now()]),
      );
      expect(waiting).toBeUndefined();
    });
    later.mockRestore();
  };

  it('takes two hailstorms over one village as one trouble of each household, and tells of the worse one', async () => {
    const [first, second] = [randomUUID(), randomUUID()];
    const regions = [String(YONGDING)];
    const { policyVersion } = world;
    await world.shock(hail({ id: first, policyVersion, regions, level: 2 }));
    await world.settled(first, 'done');
    await eventually(async () => expect(await stepsOf('1.crop-disaster.1')).toEqual(['opened']));
    const before = await episode('1.crop-disaster.1');
    await world.shock(hail({ id: second, policyVersion, regions, level: 4 }));
    await world.settled(second, 'done');
    await eventually(async () => expect(await stepsOf('1.crop-disaster.1')).toEqual(['opened', 'escalated']));
    const after = await episode('1.crop-disaster.1');
    expect(after).toMatchObject({ state: 'open', alerts: 2, causeName: '庄稼受灾', told: null });
    expect(after.severity).toBeGreaterThan(before.severity);
    expect(after.fedBy.map(({ counts }) => counts)).toEqual([before.severity, after.severity]);
    const open = await list('cause=crop-disaster&state=open&limit=200');
    expect(open.items.map(({ householdId }) => householdId)).toEqual([1, 2, 3, 4, 5, 6, 11, 12]);
    // The field cannot be lost twice.
    const { projection } = await picture(1);
    expect(projection?.notAdded).toEqual([after.fedBy[0]?.alertId]);

    for (const [id, level] of [
      [first, 2],
      [second, 4],
    ] as const) {
      await world.shock(hail({ id, policyVersion, regions, level, version: 2, state: ShockState.CANCELLED }));
      await world.settled(id, 'recalled');
    }
    await eventually(async () =>
      expect(await episode('1.crop-disaster.1')).toMatchObject({ state: 'ended', endedWhy: 'recalled', severity: 0 }),
    );
    // Nobody was told, so nothing is to be taken back.
    expect((await list('toTell=true')).items).toEqual([]);
    expect(await told('risk-episodes/1.crop-disaster.1')).toMatchObject({
      code: 'EPISODE.NOTHING_TO_TELL',
      status: 409,
    });
  });

  it('asks to tell a household once, however many alerts come in a day, and records a telling once', async () => {
    const { policyVersion } = world;
    const ids = [1, 2, 3, 4, 5].map(() => randomUUID());
    for (const id of ids) {
      await world.shock(hail({ id, policyVersion, regions: [String(YIJIU)] }));
      await world.settled(id, 'done');
      await eventually(async () => expect((await picture(21)).answers).toHaveLength(ids.indexOf(id) + 1));
      const due = (await list('householdId=21&toTell=true')).items;
      expect(due.map((one) => one.id)).toEqual(id === ids[0] ? ['21.crop-disaster.1'] : []);
      if (id === ids[0]) {
        const tellings = [];
        for (let n = 0; n < 5; n += 1) tellings.push(await told('risk-pictures/21'));
        expect(tellings.map(({ tellingsOfDay }) => tellingsOfDay)).toEqual([1, 1, 1, 1, 1]);
        expect(tellings.flatMap(({ episodes }) => episodes.map(({ recorded }) => recorded))).toEqual([
          ...[true, false, false, false, false],
        ]);
      }
    }
    const steps = await stepsOf('21.crop-disaster.1');
    expect(steps.filter((step) => step === 'told')).toHaveLength(1);
    expect(steps.filter((step) => step === 'reissued')).toHaveLength(4);
    // What came since is told of once the window is over.
    expect((await episode('21.crop-disaster.1')).tellFrom).not.toBeNull();
    jest.spyOn(world.app.get<Clock>(CLOCK), 'now').mockImplementation(() => new Date(Date.now() + 4 * DAY_MS));
    expect((await list('householdId=21&toTell=true')).items).toHaveLength(1);
    jest.restoreAllMocks();

    for (const id of ids) {
      await world.shock(hail({ id, policyVersion, regions: [String(YIJIU)], version: 2, state: ShockState.CANCELLED }));
      await world.settled(id, 'recalled');
    }
    await eventually(async () => expect((await list('householdId=21&toTell=true&state=ended')).items).toHaveLength(1));
    expect((await picture(21)).text).toContain('已经撤回');
    expect(await told('risk-pictures/21', { on: TODAY, how: 'phone' })).toMatchObject({
      tellingsOfDay: 2,
      episodes: [{ severity: 0, recorded: true }],
    });
    expect((await list('householdId=21&toTell=true')).items).toEqual([]);
  });

  it('adds several causes up to one picture, and says it in one paragraph', async () => {
    const [storm, pigs] = [randomUUID(), randomUUID()];
    const { policyVersion } = world;
    await world.shock(hail({ id: storm, policyVersion, regions: [String(YONGDING)], level: 3 }));
    await world.shock(pigPriceFall({ id: pigs, policyVersion }, 3_246, 1_093));
    await world.settled(storm, 'done');
    await world.settled(pigs, 'done');
    await eventually(async () => expect((await picture(11)).episodes).toHaveLength(2));
    const seen = await picture(11);
    const alerts = await Promise.all(
      seen.answers.map(({ alertId }) => call<{ lossFen: number; severity: number }>('GET', `alerts/${alertId}`)),
    );
    const lossFen = alerts.reduce((sum, alert) => sum + alert.lossFen, 0);
    expect(seen.projection).toMatchObject({
      incomeLoss: { middleFen: lossFen },
      projectedPerCapita: { middleFen: 1_080_000 - Math.round(lossFen / 4) },
      notAdded: [],
    });
    expect(seen.worstSeverity).toBe(Math.max(...alerts.map(({ severity }) => severity)));
    expect(seen.jointSeverity).toBeGreaterThan(seen.worstSeverity);
    expect(seen.answers.map(({ outcome }) => outcome)).toEqual(['listed', 'listed']);
    expect(seen.text).toContain('您家目前有两项风险提示');
    expect(seen.text).toContain('合在一起');
    // One telling covers both.
    const { episodes } = await told('risk-pictures/11');
    expect(episodes).toHaveLength(2);
    expect((await list('householdId=11&toTell=true')).items).toEqual([]);
  });

  it('eases a household only once less has stood for days, and ends what its case has answered', async () => {
    const id = randomUUID();
    const { policyVersion } = world;
    const regions = [String(YIJIU)];
    await world.shock(hail({ id, policyVersion, regions, level: 4 }));
    await world.settled(id, 'done');
    const open = async (): Promise<EpisodeWithSteps> => {
      const [found] = (await list('householdId=21&state=open')).items;
      return episode(found?.id ?? 'none');
    };
    await eventually(async () => expect((await open()).state).toBe('open'));
    const before = await open();
    await world.shock(hail({ id, policyVersion, regions, level: 2, version: 2 }));
    await world.settled(id, 'done');
    await eventually(async () => expect((await open()).easingSince).not.toBeNull());
    expect((await open()).severity).toBe(before.severity);
    await daysLater(13);
    expect((await open()).severity).toBe(before.severity);
    await daysLater(15);
    const eased = await open();
    expect(eased.severity).toBeLessThan(before.severity);
    expect(eased.steps.slice(-2).map(({ step }) => step)).toEqual(['easing', 'eased']);

    // A check found a risk and opened a case, and the case was dismissed: the family was told that there is none.
    const steps = (state: string, action: string, version: number): Promise<void> => {
      const step = create(CaseEventSchema, {
        body: {
          case: 'stepped',
          value: {
            caseId: eased.fedBy.at(-1)?.alertId ?? '',
            householdId: 21n,
            dutyCode: BigInt(dutyOf({ id: 21, township: YIJIU })),
            revision: BigInt(revision(version)),
            ...{ state, action },
          },
        },
      });
      return world.producer.send(topics.case, [encodeEvent(topics.case, step, { key: String(YIJIU) })]);
    };
    expect(parseDerivedId(eased.fedBy.at(-1)?.alertId ?? '').householdId).toBe(21);
    await steps('dismissed', 'dismiss', 1);
    await eventually(async () =>
      expect(await episode(eased.id)).toMatchObject({ state: 'ended', endedWhy: 'answered', tellFrom: null }),
    );
    expect(await picture(21)).toMatchObject({ worstSeverity: 0, text: '您家目前没有风险提示。' });

    // The household is identified again, weeks later: the case is open, and so is its risk, for as long as it is.
    await steps('clue', 're-identify', 2);
    await eventually(async () => expect(await open()).toMatchObject({ severity: eased.severity }));
    expect(await picture(21)).toMatchObject({ worstSeverity: eased.severity });
    await daysLater(800);
    expect(await open()).toMatchObject({ severity: eased.severity });
    await steps('removed', 'remove', 3);
    await eventually(async () => expect((await open()).easingSince).not.toBeNull());
    await daysLater(808);
    expect((await list('householdId=21&state=open')).items).toEqual([]);
  });

  it('comes out the same when slices are followed again, and keeps one open episode a household and cause', async () => {
    const read = (): Promise<unknown[]> =>
      world.database.transaction(cellScope('spec'), (tx) =>
        tx.query('SELECT * FROM risk_episodes ORDER BY household_id, cause, ordinal'),
      );
    const count = (): Promise<unknown[]> =>
      world.database.transaction(cellScope('spec'), (tx) => tx.query('SELECT count(*) FROM episode_steps'));
    const [episodes, steps] = [await read(), await count()];
    await world.database.transaction(cellScope('spec'), (tx) => tx.execute('UPDATE slices SET followed_at = NULL'));
    await Promise.all([round(), round()]);
    await eventually(async () => {
      const [left] = await world.database.transaction(cellScope('spec'), (tx) =>
        tx.query('SELECT 1 FROM slices WHERE stored_at IS NOT NULL AND followed_at IS NULL LIMIT 1'),
      );
      expect(left).toBeUndefined();
    });
    expect([await read(), await count()]).toEqual([episodes, steps]);
  });

  it('shows and takes only what lies in the caller’s area, and says what is wrong with the rest', async () => {
    const own = await list('limit=200', String(YIJIU));
    expect(new Set(own.items.map(({ householdId }) => householdId))).toEqual(new Set([21]));
    const hidden = await call('GET', 'risk-pictures/1', { region: String(YIJIU) });
    expect(hidden).toMatchObject({ code: 'RISK_PICTURE.NOT_FOUND', status: 404 });
    expect(await list('region=532301')).toMatchObject({ code: 'SCOPE.OUTSIDE' });
    expect(await list('state=loud')).toMatchObject({ status: 400 });
    for (const id of ['x', '1.crop-disaster', '1.crop-disaster.0', '1.luck.1', '99999999999999999.water.1'])
      expect(await episode(id)).toMatchObject({ code: 'RISK_EPISODE.NOT_FOUND' });
    for (const body of [
      { on: '2126-01-01', how: 'visit' },
      { on: '2026-02-30', how: 'visit' },
      { on: '2020-01-01', how: 'visit' },
    ])
      expect(await told('risk-pictures/11', body)).toMatchObject({ status: 400, errors: [{ field: 'on' }] });
    expect(await told('risk-pictures/11', { on: TODAY, how: 'dream' })).toMatchObject({ status: 400 });
    const officer = await call('POST', 'risk-pictures/11/told', {
      role: 'county-officer',
      body: { on: TODAY, how: 'visit' },
    });
    expect(officer).toMatchObject({ code: 'ACCESS.ROLE' });
  });

  it('turns pages over all episodes, each once', async () => {
    const whole = (await list('limit=200')).items.map(({ id }) => id);
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const next: EpisodePage = await list(`limit=3&cursor=${cursor}`);
      seen.push(...next.items.map(({ id }) => id));
      cursor = next.nextCursor;
    }
    expect(seen).toEqual(whole);
  });
});
