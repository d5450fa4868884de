import { Lane, ShockState } from '@fangpin/contracts';
import { cellScope } from '@fangpin/persistence';
import { changePolicy, loadPolicy, PolicySet, type PolicyChange, type QuakeAttenuation } from '@fangpin/policy';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { CarryOutApplications } from '../src/policy-applications/carry-out-applications.js';
import { COUNTIES, look, minutes, post, shockIdOf, survey, yangbi } from './quakes.js';
import { capXml, startShockApp, type Answer, type ShockApp } from './shock-app.js';

const base = loadPolicy();
let service: ShockApp;
beforeAll(async () => {
  service = await startShockApp();
});
afterAll(() => service.close());

/** As if the service had been started again with these values; none for those that it began with. */
const release = (...changes: readonly PolicyChange[]): string =>
  Object.assign(service.app.get(PolicySet), changePolicy(base, changes)).version;
afterEach(async () => {
  release();
  // What another test judged shall not be concerned by the next.
  await sql('UPDATE shocks SET policy_version = $1', [base.version]);
});

const sql = <Row extends Record<string, unknown>>(text: string, values: unknown[] = []): Promise<Row[]> =>
  service.database.transaction(cellScope('spec'), (tx) => tx.query<Row>(text, values));
const carriedOut = () => service.app.get(CarryOutApplications).carryOn();
const apply = (over: object, as: object = { role: 'operator' }): Promise<Answer> =>
  service.call('POST', '/v1/policy-applications', {
    body: { since: '2021-05-01', reason: randomUUID(), document: '永乡振组〔2026〕14号', ...over },
    as,
  });
const applied = async (over: object): Promise<Record<string, unknown>> => {
  const { body } = await apply(over);
  await carriedOut();
  return (await service.call('GET', `/v1/policy-applications/${String(body['applicationId'])}`)).body;
};
const lastEvent = async (id: string) => (await service.eventsOf(id)).at(-1);
/** All but what each revision has of its own. */
const facts = async (id: string) => {
  const { revisions: _, revision: __, updatedAt: ___, policyVersion: ____, ...shock } = await look(service, id);
  return shock;
};
const day = (instant: unknown): string => String(instant).slice(0, 10);

describe('the intensities of an earthquake', () => {
  const attenuation = (plus: number): PolicyChange => {
    const { value } = base.records.find(({ key, region }) => key === 'quake-attenuation' && region === '53') as {
      value: QuakeAttenuation;
    };
    const { longAxis } = value;
    return { key: 'quake-attenuation', value: { ...value, longAxis: { ...longAxis, a: longAxis.a + plus } } };
  };
  const about = { until: '2021-05-31', kinds: ['earthquake'] };

  it('are computed again with the coefficients of the version, from what the catalogue said', async () => {
    const id = shockIdOf(await post(service, yangbi()));
    const first = await facts(id);
    const told = (await service.eventsOf(id)).length;
    const version = release(attenuation(-1));
    const dry = (await apply({ ...about, dryRun: true })).body;
    expect(dry).toMatchObject({ shocks: 1, wouldJudge: [{ shockId: id, problems: [] }] });
    expect((dry['wouldJudge'] as { changes: string[] }[])[0]?.changes).toEqual(
      expect.arrayContaining(['level', 'regions', 'intensity']),
    );
    expect(await applied(about)).toMatchObject({
      state: 'done',
      judged: 1,
      items: [{ state: 'judged', problems: [] }],
    });
    const event = await lastEvent(id);
    expect(event).toMatchObject({ policyVersion: version, policyAppliedBackwards: true, lane: Lane.ALERT });
    const regions = first['regions'] as string[];
    expect(event?.regions.length).toBeLessThan(regions.length);
    expect(event?.intensity.map(({ region }) => region)).toEqual(event?.regions);
    expect((await facts(id))['headline']).not.toBe(first['headline']);

    // Asked for again it changes nothing; and the old coefficients bring back what was.
    expect((await apply(about)).body).toMatchObject({ shocks: 0 });
    expect(await service.eventsOf(id)).toHaveLength(told + 1);
    release();
    await applied(about);
    expect(await facts(id)).toEqual(first);
  });

  it('reach places by the new figures that by the old it shook nowhere: it is told of now', async () => {
    const answer = await post(service, yangbi({ mag: 4 }));
    expect(answer.body).toMatchObject({ outcome: 'recorded' });
    const id = shockIdOf(answer);
    expect(await service.eventsOf(id)).toEqual([]);
    release(attenuation(3));
    expect((await applied(about))['items']).toContainEqual(
      expect.objectContaining({ shockId: id, fromLane: 'recorded', toLane: 'alert' }),
    );
    expect(await lastEvent(id)).toMatchObject({ lane: Lane.ALERT, policyAppliedBackwards: true });
    expect((await lastEvent(id))?.regions).toContain('532922');
  });

  it('that reach beyond the region by the new figures are for whoever answers for all of it', async () => {
    release(attenuation(-1));
    const id = shockIdOf(await post(service, yangbi()));
    const officer = { role: 'county-officer', region: '5329' };
    const only = async () => (await apply({ ...about, dryRun: true }, officer)).body;
    release(attenuation(-1.2));
    expect((await only())['wouldJudge']).toContainEqual(expect.objectContaining({ shockId: id }));
    release();
    expect((await only())['wouldJudge']).not.toContainEqual(expect.objectContaining({ shockId: id }));
    expect((await only())['beyondRegion']).toBeGreaterThan(0);
  });

  it('stand under a survey, whose zones are graded again, and what the catalogue says next leaves them', async () => {
    const id = randomUUID();
    const shock = shockIdOf(await post(service, yangbi({ id })));
    await survey(service, shock);
    await post(service, yangbi({ id, updated: minutes(7 * 24 * 60), mag: 6.3 }));
    const before = await facts(shock);
    const { value } = base.records.find(({ key }) => key === 'quake-level') as { value: object };
    release({ key: 'quake-level', value: { ...value, floorIntensity: 8 } });
    await applied(about);
    const after = await facts(shock);
    expect(before['regions']).toEqual(expect.arrayContaining(['532901']));
    expect((after['regions'] as string[]).every((region) => region.startsWith('532922') && region.length === 9)).toBe(
      true,
    );
    expect(after['intensity']).toEqual(before['intensity']);
    expect(after['headline']).toBe(before['headline']);
    await post(service, yangbi({ id, updated: minutes(8 * 24 * 60), mag: 6.3 }));
    expect((await facts(shock))['regions']).toEqual(after['regions']);
    expect(COUNTIES.length).toBeGreaterThan(1);
  });

  it('stay where the figures of the catalogue were not kept, and the officer is told so', async () => {
    const id = shockIdOf(await post(service, yangbi()));
    const first = await facts(id);
    await sql('UPDATE shock_messages SET basis = NULL WHERE shock_id = $1', [id]);
    release(attenuation(-1));
    const items = (await applied(about))['items'] as { shockId: string }[];
    expect(items.find(({ shockId }) => shockId === id)).toMatchObject({
      state: 'judged',
      changes: [],
      problems: [{ code: 'APPLICATION.INTENSITY_KEPT' }],
    });
    expect(await facts(id)).toEqual(first);
  });
});

describe('the area of a warning that is only drawn', () => {
  const square = (lon: number, lat: number, side: number): number[][] => [
    [lon, lat],
    [lon + side, lat],
    [lon + side, lat + side],
    [lon, lat + side],
    [lon, lat],
  ];
  const boundary = (id: string, lon: number) => ({
    type: 'Feature',
    id,
    geometry: { type: 'Polygon', coordinates: [square(lon, 25, 1)] },
  });
  const drawn = (): string =>
    capXml({ geocode: '' }).replace(
      '</info>',
      `<area><areaDesc>x</areaDesc><polygon>25,101.2 25,102.1 26,102.1 26,101.2 25,101.2</polygon></area></info>`,
    );

  it('is found again by the shares of overlap of the version', async () => {
    const features = [boundary('532327', 101), boundary('532326', 102)];
    await service.call('PUT', '/v1/regions/boundaries', { body: { type: 'FeatureCollection', features } });
    const id = shockIdOf(await service.cap(drawn()));
    const first = await facts(id);
    expect(first['regions']).toEqual(['532326', '532327']);
    release({ key: 'area-overlap', value: { ofRegion: 0.3, ofShape: 0.3, covered: 0.95 } });
    const about = { since: day(first['judgedOn']), kinds: ['rainstorm'] };
    expect((await applied(about))['items']).toMatchObject([{ shockId: id, changes: ['regions'], problems: [] }]);
    expect((await lastEvent(id))?.regions).toEqual(['532327']);

    // A version under which nothing is left of it leaves the area: somebody would have been asked for one.
    release({ key: 'area-overlap', value: { ofRegion: 0.99, ofShape: 0.99, covered: 0.95 } });
    expect((await applied(about))['items']).toMatchObject([
      { changes: [], problems: [{ code: 'APPLICATION.AREA_KEPT' }] },
    ]);
    release();
    await applied(about);
    expect(await facts(id)).toEqual(first);
  });
});

describe('an end that nobody stated', () => {
  const HOUR_MS = 3_600_000;
  const hours = (n: number): PolicyChange => ({
    key: 'notice-expiry-hours',
    subject: 'rainstorm',
    value: { hours: n },
  });
  const ago = (n: number): string => new Date(Date.now() - n * HOUR_MS).toISOString().replace(/\.\d+Z$/, '+00:00');
  const endless = (sent: string): string => capXml({ sent }).replace(/<expires>.*<\/expires>/, '');
  const about = { since: day(ago(48)), kinds: ['rainstorm'] };
  const lifeOf = async (id: string) => {
    const { state, endedBy, expires } = await look(service, id);
    return { state, endedBy, expires: Date.parse(String(expires)) };
  };

  it('moves with the hours of the version: a warning ends, and is open again', async () => {
    const sent = ago(8);
    const end = (n: number): number => Date.parse(sent) + n * HOUR_MS;
    const id = shockIdOf(await service.cap(endless(sent)));
    expect(await lifeOf(id)).toEqual({ state: 'open', endedBy: null, expires: end(24) });
    release(hours(6));
    expect((await applied(about))['items']).toContainEqual(
      expect.objectContaining({ shockId: id, changes: ['expires', 'ends', 'state'], problems: [] }),
    );
    expect(await lifeOf(id)).toEqual({ state: 'ended', endedBy: 'expiry', expires: end(6) });
    expect(await lastEvent(id)).toMatchObject({ state: ShockState.ENDED, policyAppliedBackwards: true });
    release(hours(10));
    await applied(about);
    expect(await lifeOf(id)).toEqual({ state: 'open', endedBy: null, expires: end(10) });
    const history = (await look(service, id))['revisions'] as { cause: string }[];
    expect(history.map(({ cause }) => cause)).toEqual(['accepted', 'ended', 'reopened']);
  });

  it('stays where the source has lifted the warning', async () => {
    const identifier = randomUUID();
    const sent = ago(8);
    const id = shockIdOf(
      await service.cap(
        endless(sent).replace(/<identifier>.*<\/identifier>/, `<identifier>${identifier}</identifier>`),
      ),
    );
    await service.call('POST', `/v1/shocks/${id}/end`, { body: { reason: '险情解除' } });
    const before = await lifeOf(id);
    expect(before).toMatchObject({ state: 'ended', endedBy: 'lifted' });
    release(hours(48));
    await applied(about);
    expect(await lifeOf(id)).toEqual(before);
  });

  it('lies beyond the last list that holds the warning; what the next list holds no longer stays as it ended', async () => {
    const issued = ago(8);
    const end = (n: number): number => Date.parse(issued) + n * HOUR_MS;
    const list = (updated: string, types: readonly string[]) =>
      service.call('POST', '/v1/shocks/warning-snapshots?feed=derived', {
        body: {
          updated,
          warnings: { 532328: types.map((type) => ({ type, color: '红色', level: 'Ⅰ', issued, name: '元谋县' })) },
          source: '中国气象局',
          count: types.length,
        },
      });
    await list(ago(1), ['暴雨', '雷电']);
    const [row] = await sql<{ shock_id: string }>(
      `SELECT shock_id FROM shocks WHERE origin = 'snapshot' AND kind = 'rainstorm'`,
    );
    const id = String(row?.shock_id);
    expect(await lifeOf(id)).toEqual({ state: 'open', endedBy: null, expires: end(24) });
    // Seven hours after its issue it was in force: the first end of whole lives after that is the twelfth hour.
    release(hours(6));
    await applied(about);
    expect(await lifeOf(id)).toEqual({ state: 'open', endedBy: null, expires: end(12) });
    await list(ago(0.5), ['雷电']);
    const gone = await lifeOf(id);
    expect(gone).toMatchObject({ state: 'ended', endedBy: 'lifted' });
    release(hours(48));
    await applied(about);
    expect(await lifeOf(id)).toEqual(gone);
  });

  it('moves no message that was over when it came in', async () => {
    const identifier = randomUUID();
    const [alert, update] = [ago(30), ago(26)];
    const blue = { identifier, headline: '永仁县气象台发布暴雨蓝色预警信号' };
    const id = shockIdOf(await service.cap(capXml({ ...blue, sent: alert })));
    const late = capXml({ msgType: 'Update', references: identifier, sent: update }).replace(
      /<expires>.*<\/expires>/,
      '',
    );
    expect((await service.cap(late)).body).toMatchObject({ shockId: id, outcome: 'recorded', lane: 'recorded' });
    const before = await facts(id);
    release(hours(48));
    expect((await apply({ ...about, since: day(ago(72)), dryRun: true })).body['wouldJudge']).not.toContainEqual(
      expect.objectContaining({ shockId: id }),
    );
    expect(await facts(id)).toEqual(before);
  });

  it('is known of messages that were taken before, where it counts from their issue', async () => {
    const id = shockIdOf(await service.cap(endless(ago(3))));
    const basis = () =>
      sql<{ basis: { expiry: { from: string } } | null }>('SELECT basis FROM shock_messages WHERE shock_id = $1', [id]);
    const [first] = await basis();
    await sql('UPDATE shock_messages SET basis = NULL WHERE shock_id = $1', [id]);
    const file = readFileSync(
      new URL('../migrations/0014-keep-what-policy-was-applied-to.sql', import.meta.url),
      'utf8',
    );
    const updates = file
      .replaceAll(/--.*/g, '')
      .split(';')
      .filter((statement) => /^\s*UPDATE/.test(statement));
    expect(updates).toHaveLength(3);
    for (const statement of updates) await sql(statement);
    expect(first?.basis?.expiry.from).toBeDefined();
    expect(await basis()).toEqual([first]);
  });

  it('is that of forecasts and of what was reported, too', async () => {
    const report = (over: object) =>
      service.call('POST', '/v1/shocks', {
        body: {
          kind: 'rainstorm',
          regions: ['532327'],
          onset: ago(1),
          headline: randomUUID(),
          source: '县局',
          ...over,
        },
      });
    const forecast = shockIdOf(await report({ level: 'red', observed: false }));
    const observed = shockIdOf(await report({ level: 'red', observed: true }));
    const before = await Promise.all([forecast, observed].map(lifeOf));
    const due = async () =>
      (
        await sql<{ due: Date }>('SELECT ends_due_at AS due FROM shocks WHERE shock_id = $1', [observed])
      )[0]?.due.getTime();
    const life = await due();
    release(hours(30), { key: 'observed-life', subject: 'rainstorm', value: { days: 90 } });
    await applied(about);
    const after = await Promise.all([forecast, observed].map(lifeOf));
    expect(Number(after[0]?.expires) - Number(before[0]?.expires)).toBe(6 * HOUR_MS);
    expect(after[1]).toEqual(before[1]);
    expect(Number(await due()) - Number(life)).toBe(30 * 24 * HOUR_MS);
  });
});
