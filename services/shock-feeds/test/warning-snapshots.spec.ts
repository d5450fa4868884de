import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Lane, ShockEnd, ShockLevel, ShockState } from '@fangpin/contracts';
import { COUNTRY } from '@fangpin/domain-kit';
import { cellScope } from '@fangpin/persistence';
import { childrenOf } from '@fangpin/regions';
import fc from 'fast-check';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { EndOverdueShocks } from '../src/shocks/end-overdue-shocks.js';
import { capXml, startShockApp, type Answer, type ShockApp } from './shock-app.js';

const PATH = '/v1/shocks/warning-snapshots';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const YONGREN = '532327';

let service: ShockApp;
beforeAll(async () => {
  service = await startShockApp();
});
afterAll(() => service.close());

interface Listed {
  readonly type: string;
  readonly color?: string;
  readonly level?: string;
  readonly issued?: string;
  readonly expires?: string;
  readonly name?: string;
}
type Lists = Readonly<Record<string, readonly unknown[]>>;

const now = Date.now();
/** So many minutes from now, in the relay's form. */
const at = (minutes: number): string => new Date(now + minutes * MINUTE).toISOString().replace(/\.\d+/, '');
const rain = (more: Partial<Listed> = {}): Listed => ({
  type: '暴雨',
  color: '红色',
  level: 'Ⅰ',
  issued: at(-120),
  expires: at(600),
  name: '永仁县',
  ...more,
});
const thunder = (count: number): Lists =>
  Object.fromEntries(
    Array.from({ length: count }, (_, i) => [
      `5323${String(40 + i)}`,
      [rain({ type: '雷电', color: '黄色', level: 'Ⅲ' })],
    ]),
  );

/** A feed of its own for each story, so that none is compared with another's list. */
function feed(name: string) {
  const post = (updated: string, warnings: unknown, query = ''): Promise<Answer> =>
    service.call('POST', `${PATH}?feed=${name}${query}`, {
      body: { updated, warnings, source: '中国气象局', count: 1 },
    });
  const shocks = async (): Promise<Record<string, unknown>[]> =>
    service.database.transaction(cellScope('spec'), (tx) =>
      tx.query(
        `SELECT DISTINCT ON (shock_no) shocks.* FROM shocks JOIN shock_identities USING (shock_id)
         WHERE shock_identities.identity LIKE $1 ORDER BY shock_no`,
        [`snapshot:${name}:%`],
      ),
    );
  return { post, shocks };
}
const codes = ({ body }: Answer): string[] => (body['problems'] as { code: string }[]).map(({ code }) => code);

describe('a list of all warnings in force', () => {
  it('opens, keeps, changes and lifts one shock for each county and type', async () => {
    const { post, shocks } = feed('life');
    const hail = rain({ type: '冰雹', color: '橙色', level: 'Ⅱ' });
    const first = await post(at(-60), { [YONGREN]: [rain({ color: '橙色' }), hail] });
    expect(first).toMatchObject({
      status: 202,
      body: { new: 2, kept: 0, replaced: 0, ended: 0, heldBack: false, problems: [] },
    });
    const second = await post(at(-40), { [YONGREN]: [rain({ issued: at(-45) }), hail] });
    expect(second.body).toMatchObject({ new: 0, kept: 1, replaced: 1, ended: 0 });
    const third = await post(at(-20), { [YONGREN]: [rain({ issued: at(-45) })] });
    expect(third.body).toMatchObject({ new: 0, kept: 1, replaced: 0, ended: 1 });

    const [storm, ice, ...others] = await shocks();
    expect(others).toEqual([]);
    expect(ice).toMatchObject({
      kind: 'hail',
      level: 3,
      state: 'ended',
      ended_by: 'lifted',
      ended_at: new Date(at(-20)),
    });
    expect(storm).toMatchObject({
      kind: 'rainstorm',
      level: 4,
      state: 'open',
      lane: 'notice',
      regions: [YONGREN],
      headline: '永仁县暴雨红色预警信号',
      onset: new Date(at(-120)),
      published: true,
    });
    expect(await service.eventsOf(storm?.['shock_id'] as string)).toMatchObject([
      { level: ShockLevel.ORANGE, lane: Lane.NOTICE, state: ShockState.OPEN },
      { level: ShockLevel.RED, lane: Lane.NOTICE, state: ShockState.OPEN },
    ]);
    expect(await service.eventsOf(ice?.['shock_id'] as string)).toMatchObject([
      { state: ShockState.OPEN },
      { state: ShockState.ENDED, endedBy: ShockEnd.LIFTED },
    ]);
  });

  it('is all kept when it comes again, also after later ones, and also with other content', async () => {
    const { post, shocks } = feed('again');
    const list = { [YONGREN]: [rain(), rain({ type: '冰雹' })] };
    await post(at(-60), list);
    await post(at(-30), { [YONGREN]: [rain()] });
    const before = await shocks();
    expect((await post(at(-60), list)).body).toEqual({
      new: 0,
      kept: 2,
      replaced: 0,
      ended: 0,
      heldBack: false,
      problems: [],
    });
    const other = await post(at(-30), { [YONGREN]: [rain({ color: '蓝色' })] });
    expect(other.body).toMatchObject({ new: 0, kept: 1, replaced: 0, ended: 0, heldBack: false });
    expect(codes(other)).toEqual(['SNAPSHOT.SAME_TIME_OTHER_CONTENT']);
    expect(await shocks()).toEqual(before);
  });

  it('is held back when it is older than the last', async () => {
    const { post, shocks } = feed('older');
    await post(at(-30), { [YONGREN]: [rain()] });
    const before = await shocks();
    const older = await post(at(-31), { [YONGREN]: [rain({ type: '冰雹' })] });
    expect(older).toMatchObject({ status: 202, body: { new: 0, kept: 0, replaced: 0, ended: 0, heldBack: true } });
    expect(codes(older)).toEqual(['SNAPSHOT.OLDER']);
    expect(await shocks()).toEqual(before);
    expect((await post(at(-31), { [YONGREN]: [rain({ type: '冰雹' })] })).body).toEqual(older.body);
  });

  it('is held back when it is nine tenths smaller, until lists have been small for six hours', async () => {
    const { post, shocks } = feed('smaller');
    await post(at(-480), thunder(20));
    for (const minutes of [-420, -240, -61]) {
      const held = await post(at(minutes), thunder(2));
      expect(held.body).toMatchObject({ new: 0, kept: 0, replaced: 0, ended: 0, heldBack: true });
      expect(codes(held)).toEqual(['SNAPSHOT.SMALLER']);
    }
    expect((await shocks()).filter(({ state }) => state === 'open')).toHaveLength(20);
    const believed = await post(at(-60), thunder(2));
    expect(believed.body).toMatchObject({ new: 0, kept: 2, replaced: 0, ended: 18, heldBack: false });
    expect(codes(believed)).toContain('SNAPSHOT.SMALL_BUT_LASTING');
    expect((await shocks()).filter(({ state }) => state === 'open')).toHaveLength(2);
  });

  it('counts, names and keeps what no list of ours has', async () => {
    const { post, shocks } = feed('odd');
    const list = {
      [YONGREN]: [rain(), rain({ type: '外星人' }), null, { color: '红色' }],
      '999999': [rain({ name: '阳宗海' })],
      '532301': [rain({ expires: at(-90) })],
      '532300': [{ type: '暴雨', color: '彩色', note: 'x' }],
    };
    const answer = await post(at(-60), list);
    expect(answer).toMatchObject({ status: 202, body: { new: 7, kept: 0, replaced: 0, ended: 0, heldBack: false } });
    expect(codes(answer).sort()).toEqual([
      'SNAPSHOT.COLOUR_UNKNOWN',
      'SNAPSHOT.EXPIRY_ASSUMED',
      'SNAPSHOT.ISSUED_ASSUMED',
      'SNAPSHOT.MEMBER_UNREADABLE',
      'SNAPSHOT.PAST_EXPIRY',
      'SNAPSHOT.UNKNOWN_CODE',
      'SNAPSHOT.UNKNOWN_TYPE',
    ]);
    const found = await shocks();
    expect(found).toHaveLength(5);
    expect(found.find(({ headline }) => headline === '阳宗海暴雨红色预警信号')).toMatchObject({
      kind: 'rainstorm',
      regions: [],
      lane: 'recorded',
      published: false,
    });
    expect(found.find(({ headline }) => headline === '永仁县外星人红色预警信号')).toMatchObject({
      kind: 'other',
      lane: 'recorded',
      state: 'open',
    });
    expect(found.find(({ headline }) => String(headline).startsWith('楚雄市'))).toMatchObject({
      state: 'ended',
      ended_by: 'expiry',
      published: false,
    });
    const again = await post(at(-50), list);
    expect(again.body).toMatchObject({ new: 0, kept: 7, replaced: 0, ended: 0 });
    const [row] = await service.database.transaction(cellScope('spec'), (tx) =>
      tx.query<{ raw: Buffer }>('SELECT raw FROM warning_snapshots WHERE feed = $1 AND updated = $2', ['odd', at(-60)]),
    );
    expect(JSON.parse(gunzipSync(row?.raw as Buffer).toString())).toMatchObject({ warnings: list });
    expect((await post(at(-40), { [YONGREN]: [rain()] })).body).toMatchObject({ new: 0, kept: 1, ended: 6 });
  });

  it('lets the most serious of two warnings of one county and type stand', async () => {
    const { post, shocks } = feed('twice');
    const orange = rain({ color: '橙色', issued: at(-100) });
    const both = await post(at(-60), { [YONGREN]: [rain(), orange] });
    expect(both.body).toMatchObject({ new: 2 });
    expect(codes(both)).toEqual(['SNAPSHOT.DUPLICATE']);
    expect(await shocks()).toMatchObject([{ level: 4 }]);
    expect((await post(at(-50), { [YONGREN]: [orange] })).body).toMatchObject({
      new: 0,
      kept: 1,
      replaced: 0,
      ended: 1,
    });
    expect(await shocks()).toMatchObject([{ level: 3, state: 'open' }]);
  });

  it('opens the same shock again when a warning comes back, and another for another warning', async () => {
    const { post, shocks } = feed('back');
    const list = { [YONGREN]: [rain()], '532301': [rain({ type: '冰雹' })] };
    const without = { '532301': [rain({ type: '冰雹' })] };
    await post(at(-60), list);
    await post(at(-50), without);
    expect(await shocks()).toMatchObject([{ kind: 'hail' }, { state: 'ended', ended_by: 'lifted' }]);
    expect((await post(at(-40), list)).body).toMatchObject({ new: 1, kept: 1 });
    expect(await shocks()).toMatchObject([{ state: 'open' }, { state: 'open' }]);
    await post(at(-30), without);
    await post(at(-20), { ...without, [YONGREN]: [rain({ issued: at(-25) })] });
    expect((await shocks()).map(({ kind, state }) => [kind, state])).toEqual([
      ['hail', 'open'],
      ['rainstorm', 'ended'],
      ['rainstorm', 'open'],
    ]);
  });

  it('takes a warning that states no end for one that lasts as long as it is listed', async () => {
    const { post, shocks } = feed('endless');
    const { expires: _, ...endless } = rain({ issued: at(-25 * 60) });
    const first = await post(at(-50), { [YONGREN]: [endless] });
    expect(codes(first)).toEqual(['SNAPSHOT.EXPIRY_ASSUMED']);
    expect(await shocks()).toMatchObject([{ state: 'open', expires: new Date(Date.parse(at(-25 * 60)) + 48 * HOUR) }]);
    expect((await post(at(-30), { [YONGREN]: [endless] })).body).toMatchObject({ kept: 1 });
  });

  it('speaks of the same warning as the CAP message of it', async () => {
    const { post, shocks } = feed('alias');
    const sent = at(-130);
    const cap = await service.cap(
      capXml({ sent: sent.replace('Z', '+00:00'), expires: at(600).replace('Z', '+00:00') }),
    );
    await post(at(-60), { [YONGREN]: [rain({ issued: sent })] });
    expect(await shocks()).toMatchObject([{ shock_id: cap.body['shockId'], origin: 'cap' }]);
  });

  it('of the past is history, and a notice again when an operator gives the time', async () => {
    const past = feed('past');
    const old = { [YONGREN]: [rain({ issued: '2026-07-18T10:28:37Z', expires: '2026-07-18T22:28:42Z' })] };
    const answer = await past.post('2026-07-18T11:14:52Z', old);
    expect(codes(answer)).toEqual(['SNAPSHOT.HISTORY']);
    expect(await past.shocks()).toMatchObject([
      { lane: 'notice', state: 'ended', ended_by: 'expiry', published: false },
    ]);
    const replayed = feed('replayed');
    await replayed.post('2026-07-18T11:14:52Z', old, '&asOf=2026-07-18T11:14:52Z');
    expect(await replayed.shocks()).toMatchObject([
      { lane: 'notice', state: 'open', published: true, judged_on: '2026-07-18' },
    ]);
    const next = {
      '532301': [rain({ type: '冰雹', issued: '2026-07-18T22:30:00Z', expires: '2026-07-19T04:30:00Z' })],
    };
    await replayed.post('2026-07-18T23:00:00Z', next, '&asOf=2026-07-18T23:00:00Z');
    expect((await replayed.shocks())[0]).toMatchObject({ state: 'ended', ended_by: 'expiry' });
  });

  it('leaves the same shocks whether or not the sweep has ended one between two lists', async () => {
    const soon = new Date(Date.now() + 900).toISOString();
    const next = { [YONGREN]: [rain({ issued: at(-1), expires: at(60) })], '532301': [rain({ type: '冰雹' })] };
    const first = { [YONGREN]: [rain({ expires: soon })], '532301': [rain({ type: '冰雹' })] };
    const [swept, unswept] = [feed('swept'), feed('unswept')];
    for (const { post } of [swept, unswept]) await post(at(-5), first);
    await sleep(Date.parse(soon) - Date.now() + 1);
    await unswept.post(at(0), next);
    await service.app.get(EndOverdueShocks).sweep();
    expect((await swept.shocks()).map(({ state }) => state).sort()).toEqual(['ended', 'open']);
    await swept.post(at(0), next);
    const told = async ({ shocks }: typeof swept) =>
      (await shocks()).map(({ kind, level, state, ended_by, expires }) => ({ kind, level, state, ended_by, expires }));
    expect(await told(swept)).toEqual(await told(unswept));
    expect((await told(swept)).map(({ state }) => state)).toEqual(['open', 'open']);
  });

  it('comes from two relays, and as CAP, at once without one locking out the other', async () => {
    const counties = ['532301', '532302', '532322', '532323', '532324', '532325', '532326', YONGREN];
    const list = Object.fromEntries(counties.map((code) => [code, [rain(), rain({ type: '冰雹' })]]));
    const xml = (code: string): string =>
      capXml({
        geocode: `${code}000000`,
        sent: at(-120).replace('Z', '+00:00'),
        expires: at(600).replace('Z', '+00:00'),
      });
    const answers = await Promise.all([
      ...[1, 2, 3].flatMap((n) => ['one', 'two'].map((name) => feed(`at-once-${name}`).post(at(-n), list))),
      ...counties.map((code) => service.cap(xml(code))),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
  });

  it.each([
    ['no object', [], 'body'],
    ['no time', { warnings: {} }, 'updated'],
    ['a time that is none', { updated: 'gestern', warnings: {} }, 'updated'],
    ['a time two hours ahead', { updated: at(120), warnings: {} }, 'updated'],
    ['no warnings', { updated: at(-1) }, 'warnings'],
    ['warnings that stand under no code', { updated: at(-1), warnings: [rain()] }, 'warnings'],
    ['nothing that is a warning', { updated: at(-1), warnings: { [YONGREN]: ['rain'] } }, `warnings.${YONGREN}[0]`],
  ])('with %s is refused with the field', async (_, body, field) => {
    const answer = await service.call('POST', PATH, { body });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field }] } });
  });

  it('is taken or refused, whatever it holds, and never breaks anything', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('暴雨', '红色', at(-90), at(90), '0000-01-01T00:00:00Z'),
    );
    const member = fc.oneof(
      fc.jsonValue(),
      fc.record(
        { type: text, color: text, level: text, issued: text, expires: text, name: text },
        { requiredKeys: [] },
      ),
    );
    const code = fc.oneof(
      fc.constantFrom(YONGREN, '532327000000', '53', '00', ''),
      fc.string({ unit: 'binary', maxLength: 700 }),
    );
    const lists = fc.dictionary(code, fc.oneof(fc.array(member, { maxLength: 5 }), fc.jsonValue()), { maxKeys: 5 });
    const updated = fc.oneof(text, fc.integer({ min: -100_000, max: 70 }).map(at));
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(updated, fc.oneof(lists, fc.jsonValue()), async (time, warnings) => {
        const { status } = await feed(`fuzz-${(runs += 1)}`).post(time, warnings);
        expect([202, 400]).toContain(status);
      }),
      { numRuns: 400 },
    );
  });

  it('may be posted by officers and departments, under the name of a feed', async () => {
    const list = { body: { updated: at(-1), warnings: {} } };
    expect((await service.call('POST', PATH, { ...list, as: { role: 'auditor', region: YONGREN } })).status).toBe(403);
    expect((await service.call('POST', `${PATH}?feed=A%20B`, list)).status).toBe(400);
    expect(
      (
        await service.call('POST', `${PATH}?feed=x`, {
          ...list,
          as: { role: 'department-client', department: 'emergency' },
        })
      ).status,
    ).toBe(202);
    expect((await service.call('POST', PATH, { body: '<alert/>', type: 'application/xml' })).status).toBe(415);
  });

  it('of a whole country on a bad day is taken at once', async () => {
    const types = ['暴雨', '雷电', '冰雹', '大风', '山洪'];
    const counties = childrenOf(COUNTRY).flatMap(({ code }) =>
      childrenOf(code).flatMap((area) => childrenOf(area.code)),
    );
    const warnings = Object.fromEntries(
      counties.slice(0, 1_000).map(({ code }) => [code, types.map((type) => rain({ type }))]),
    );
    const answer = await feed('country').post(at(-1), warnings);
    expect(answer).toMatchObject({ status: 202, body: { new: 5_000 } });
    expect((await feed('country').post(at(0), warnings)).body).toMatchObject({ kept: 5_000 });
  });
});
