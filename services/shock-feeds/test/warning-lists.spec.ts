import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { describeWithSharedData } from '@fangpin/testing';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { capXml, startShockApp, type Answer, type Call, type ShockApp } from './shock-app.js';

let service: ShockApp;
beforeAll(async () => {
  service = await startShockApp();
});
afterAll(() => service.close());

const LIST = '/v1/shocks/warning-lists';
const TEXT = '/v1/shocks/warning-texts';
const post = (url: string, body: unknown, call: Call = {}): Promise<Answer> =>
  service.call('POST', url, { body, ...call });
const postAt = (url: string, asOf: string, body: unknown): Promise<Answer> =>
  post(`${url}?asOf=${encodeURIComponent(asOf)}`, body);
const alertsOf = ({ body }: Answer) => body['alerts'] as Record<string, unknown>[];
const only = (answer: Answer): Record<string, unknown> => {
  expect(answer.status).toBe(202);
  expect(alertsOf(answer)).toHaveLength(1);
  return alertsOf(answer)[0] as Record<string, unknown>;
};
const problemsOf = (alert: Record<string, unknown>): string[] =>
  (alert['problems'] as { code: string }[]).map(({ code }) => code);
const shock = async (id: unknown): Promise<Record<string, unknown>> =>
  (await service.call('GET', `/v1/shocks/${String(id)}`)).body;

/** A moment so many minutes ago, and the ways in which notices write it. */
function ago(minutes: number) {
  const at = new Date(Math.floor(Date.now() / 60_000) * 60_000 - minutes * 60_000);
  const local = new Date(at.getTime() + 8 * 3_600_000).toISOString();
  const [, year, month, day, hour, minute] = /(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)/.exec(local) ?? [];
  return {
    iso: at.toISOString().replace('Z', '+00:00'),
    words: `${year}年${month}月${day}日${hour}时${minute}分`,
    listed: `${year}/${month}/${day} ${hour}:${minute}`,
    stamp: `${year}${month}${day}${hour}${minute}00`,
  };
}

function entry(code: string, title: string, minutes: number, more: object = {}) {
  const { listed, stamp } = ago(minutes);
  return { alertid: `${code}41600000_${stamp}`, issuetime: listed, title, url: '', pic: '', ...more };
}

describe('a warning list', () => {
  it('is taken once: the same list again is all known', async () => {
    const list = [
      entry('532327', '云南省楚雄彝族自治州永仁县气象台发布暴雨红色预警信号', 30),
      entry('532622', '云南省文山壮族苗族自治州砚山县气象台发布大风蓝色预警信号', 20),
    ];
    const first = await post(LIST, { code: 0, data: { page: { count: 2, list } } });
    expect(first).toMatchObject({
      status: 202,
      body: { entries: 2, new: 2, known: 0, recorded: 0, unresolved: 0, problems: [] },
    });
    const [rain] = alertsOf(first);
    expect(rain).toMatchObject({ alertid: list[0]?.alertid, outcome: 'accepted', lane: 'notice' });
    expect(rain && problemsOf(rain)).toEqual(['WARNING.EXPIRY_ASSUMED']);
    expect(await shock(rain?.['shockId'])).toMatchObject({
      kind: 'rainstorm',
      level: 'red',
      regions: ['532327'],
      state: 'open',
    });
    const again = await post(LIST, { list });
    expect(again.body).toMatchObject({ entries: 2, new: 0, known: 2 });
    expect(alertsOf(again)[0]).toMatchObject({ shockId: rain?.['shockId'], outcome: 'duplicate' });
    expect(await service.eventsOf(String(rain?.['shockId']))).toHaveLength(1);
  });

  it('goes on with the standing warning when the same office issues the next of a kind', async () => {
    const title = (colour: string) => `云南省玉溪市澄江市气象台发布暴雨${colour}预警信号`;
    const list = [entry('530481', title('橙色'), 10), entry('530481', title('黄色'), 90)];
    const [orange, yellow] = alertsOf(await post(LIST, { list }));
    expect([yellow?.['outcome'], orange?.['outcome']]).toEqual(['accepted', 'updated']);
    expect(orange?.['shockId']).toBe(yellow?.['shockId']);
    const red = only(await post(LIST, { list: [entry('530481', title('红色'), 5)] }));
    expect(red).toMatchObject({ shockId: orange?.['shockId'], outcome: 'updated', lane: 'notice' });
    expect(await shock(red['shockId'])).toMatchObject({ level: 'red' });
  });

  it('and CAP tell of one warning, whichever comes first', async () => {
    const first = entry('532327', '云南省楚雄彝族自治州永仁县气象台发布大风蓝色预警信号', 15);
    const listed = only(await post(LIST, { list: [first] }));
    const cap = await service.cap(
      capXml({ identifier: first.alertid, sent: ago(15).iso, headline: '永仁县气象台发布大风蓝色预警信号' }).replace(
        '<event>暴雨</event>',
        '<event>大风</event>',
      ),
    );
    expect(cap.body).toMatchObject({ shockId: listed['shockId'], outcome: 'updated' });
    const second = entry('532322', '云南省楚雄彝族自治州双柏县气象台发布暴雨橙色预警信号', 15);
    const xml = capXml({
      identifier: second.alertid,
      sent: ago(15).iso,
      headline: '双柏县气象台发布暴雨橙色预警信号',
      geocode: '532322000000',
    });
    const alert = await service.cap(xml);
    expect(only(await post(LIST, { list: [second] }))).toMatchObject({ shockId: alert.body['shockId'] });
  });

  it('keeps what it cannot read for an officer, by words and picture', async () => {
    const list = [
      entry('532327', '云南省楚雄彝族自治州永仁县气象台发布怪象黄色预警信号', 12),
      entry('000000', '某地气象台发布暴雨黄色预警信号', 12),
      { alertid: 7, title: null },
      'no entry',
    ];
    const answer = await post(LIST, { list });
    expect(answer.body).toMatchObject({
      entries: 4,
      new: 0,
      unresolved: 4,
      problems: [{ code: 'LIST.ENTRY_UNREADABLE' }],
    });
    const [strange, nowhere] = alertsOf(answer);
    expect(strange && problemsOf(strange)).toContain('WARNING.KIND_UNREADABLE');
    expect(nowhere && problemsOf(nowhere)).toContain('AREA.NONE');
    expect((await post(LIST, { list })).body).toMatchObject({ known: 3, unresolved: 1 });
    const path = `/v1/shocks/quarantine/${String(nowhere?.['quarantineId'])}/release`;
    const released = await post(path, { regions: ['532327'] });
    expect(released).toMatchObject({ status: 202, body: { outcome: 'accepted' } });
    expect(await shock(released.body['shockId'])).toMatchObject({ kind: 'rainstorm', level: 'yellow' });
    const pictured = entry('532327', '云南省楚雄彝族自治州永仁县气象台预警', 11, { pic: 'https://x.cn/p0007004.png' });
    expect((await post(LIST, { list: [{ ...pictured, title: '永仁县气象台发布预警信号' }] })).body).toMatchObject({
      new: 1,
    });
  });

  it('that is over by now is recorded, and taken as of its own time', async () => {
    const list = [
      {
        alertid: '53312241600000_20260719101133',
        issuetime: '2026/07/19 10:10',
        title: '云南省德宏傣族景颇族自治州梁河县气象台发布暴雨红色预警信号',
      },
    ];
    expect((await post(LIST, { list })).body).toMatchObject({ recorded: 1, new: 0 });
    const replayed = [{ ...list[0], alertid: '53312241600000_20260719101134' }];
    expect((await postAt(LIST, '2026-07-19T10:20:00+08:00', { list: replayed })).body).toMatchObject({ new: 1 });
  });
});

describe('a warning text', () => {
  const issue = (minutes: number, act: string) => `景东县气象台${ago(minutes).words}${act}`;

  it('is taken once, by its words', async () => {
    const text = `${issue(20, '发布暴雨橙色预警信号')}：预计未来3小时，文井镇、锦屏镇将有50毫米以上降雨。`;
    const first = only(await post(TEXT, { text }));
    expect(first).toMatchObject({ outcome: 'accepted', lane: 'notice' });
    expect(await shock(first['shockId'])).toMatchObject({ regions: ['530823101', '530823102'], level: 'orange' });
    expect(only(await post(TEXT, [{ text: ` ${text}` }]))).toMatchObject({
      shockId: first['shockId'],
      outcome: 'duplicate',
    });
  });

  it('that lifts a warning ends it, by the time that it names or by office and kind', async () => {
    const [a, b] = [`${issue(50, '发布大风黄色预警信号')}。`, `${issue(40, '发布雷电橙色预警信号')}。`];
    const [gale, thunder] = alertsOf(await post(TEXT, { texts: [{ text: a }, { text: b }] }));
    const named = only(await post(TEXT, { text: `${issue(30, `解除${ago(50).words}发布的大风黄色预警`)}。` }));
    expect(named).toMatchObject({ shockId: gale?.['shockId'], outcome: 'updated' });
    const unnamed = only(await post(TEXT, { text: issue(20, '解除雷电橙色预警信号。') }));
    expect(unnamed['shockId']).toBe(thunder?.['shockId']);
    for (const id of [gale?.['shockId'], thunder?.['shockId']])
      expect(await shock(id)).toMatchObject({ state: 'ended', endedBy: 'lifted' });
  });

  it('that lifts what is not known yet is kept, and ends it when it comes', async () => {
    const office = `镇沅县气象台${ago(10).words}`;
    const lift = only(await post(TEXT, { text: `${office}解除${ago(55).words}发布的冰雹橙色预警。` }));
    expect(lift['outcome']).toBe('recorded');
    expect(problemsOf(lift)).toContain('LIFT.EARLIER_UNKNOWN');
    const late = only(await post(TEXT, { text: `镇沅县气象台${ago(55).words}发布冰雹橙色预警信号。` }));
    expect(late['shockId']).toBe(lift['shockId']);
    expect(await shock(late['shockId'])).toMatchObject({ state: 'ended', endedBy: 'lifted', kind: 'hail' });
  });

  it('lifts the warning of a list, and not one that was raised since', async () => {
    const title = (colour: string) => `云南省普洱市景谷傣族彝族自治县气象台发布暴雨${colour}预警信号`;
    const blue = only(await post(LIST, { list: [entry('530824', title('蓝色'), 50)] }));
    const red = only(await post(LIST, { list: [entry('530824', title('红色'), 30)] }));
    const late = only(
      await post(TEXT, { text: `景谷县气象台${ago(20).words}解除${ago(50).words}发布的暴雨蓝色预警。` }),
    );
    expect(problemsOf(late)).toContain('LIFT.OTHER_LEVEL_STANDS');
    expect(await shock(blue['shockId'])).toMatchObject({ state: 'open', level: 'red' });
    const lift = only(
      await post(TEXT, { text: `景谷县气象台${ago(10).words}解除${ago(30).words}发布的暴雨红色预警。` }),
    );
    expect(lift['shockId']).toBe(red['shockId']);
    expect(await shock(red['shockId'])).toMatchObject({ state: 'ended', endedBy: 'lifted' });
  });

  it('of several levels is a shock for each', async () => {
    const text =
      `贵州省自然资源厅、贵州省气象局${ago(10).words}联合发布地质灾害气象风险预警：` +
      '1.橙色预警，共2个县（市、区）：六枝、盘州。2.黄色预警，共2个县（市）：威宁、普定。';
    const [orange, yellow] = alertsOf(await post(TEXT, { text }));
    expect(await shock(orange?.['shockId'])).toMatchObject({ level: 'orange', regions: ['520203', '520281'] });
    expect(await shock(yellow?.['shockId'])).toMatchObject({ level: 'yellow', regions: ['520422', '520526'] });
  });

  it('that says nothing of a warning is kept for an officer', async () => {
    const alert = only(await post(TEXT, { text: '今天多云，气温20到28度。' }));
    expect(alert).toMatchObject({ shockId: null, outcome: 'quarantined', lane: null });
    expect(problemsOf(alert)).toEqual(['WARNING.NOT_FOUND']);
  });
});

describe('a body that is none', () => {
  it.each([
    [LIST, [], 'body'],
    [LIST, {}, 'data.page.list'],
    [LIST, { list: 'x' }, 'list'],
    [LIST, { data: { page: { list: [1, 2] } } }, 'data.page.list[0]'],
    [TEXT, {}, 'text'],
    [TEXT, { text: '  ' }, 'text'],
    [TEXT, { texts: {} }, 'texts'],
    [TEXT, { texts: [{ text: '暴雨' }, { text: 5 }] }, 'texts[1].text'],
    [TEXT, { text: '暴雨', adcode: 'x' }, 'adcode'],
    [TEXT, { text: '暴雨', issued: '2026-02-30T10:00' }, 'issued'],
  ])('is refused by %s with its field named: %j', async (url, body, field) => {
    expect(await post(url, body)).toMatchObject({ status: 400, body: { errors: [{ field }] } });
  });

  it('is refused by its type, its syntax or its sender', async () => {
    for (const url of [LIST, TEXT]) {
      expect((await post(url, '<x/>', { type: 'application/xml' })).status).toBe(415);
      expect((await post(url, '{', { type: 'application/json' })).status).toBe(400);
      expect((await post(url, { list: [] }, { as: { role: 'village-monitor' } })).status).toBe(403);
    }
    expect((await post(LIST, { list: [] })).body).toMatchObject({ entries: 0, alerts: [] });
  });

  it('never makes the service fail', async () => {
    const words = fc.constantFrom(
      ...`永仁县气象台|楚雄州气象局|${ago(30).words}|${ago(20).words}|继续发布|解除|发布的|暴雨|大风|红色|黄色预警|预警信号|99月31日|：预计未来3小时|莲池乡|大理|1.橙色预警：|、|，|。`.split(
        '|',
      ),
      '永仁县气象台2026年9月1日8时发布暴雨红色预警信号',
      `永仁县气象台${ago(10).words}发布雷电橙色预警信号：`,
      `永仁县气象台${ago(5).words}解除${ago(10).words}发布的雷电橙色预警。`,
      '\u0000',
      '\ud800',
    );
    const text = fc.oneof(
      fc.array(words, { maxLength: 10 }).map((parts) => parts.join('')),
      fc.string(),
    );
    const value = fc.oneof(text, fc.jsonValue());
    const record = fc.record(
      {
        alertid: value,
        issuetime: value,
        title: value,
        pic: value,
        text: value,
        id: value,
        adcode: value,
        issued: value,
      },
      { requiredKeys: [] },
    );
    const body = fc.oneof(
      fc.jsonValue(),
      record,
      fc.record({ list: fc.array(fc.oneof(record, fc.jsonValue()), { maxLength: 4 }) }),
      fc.record({ texts: fc.array(record, { maxLength: 3 }) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(LIST, TEXT), body, async (url, posted) => {
        const { status } = await post(url, posted);
        expect([202, 400]).toContain(status);
      }),
      { numRuns: 300 },
    );
  });
});

describeWithSharedData('the real list and texts', (dataDir) => {
  const json = (...file: string[]): unknown => JSON.parse(readFileSync(path.join(dataDir, ...file), 'utf8'));

  it('are taken as of their time, the second time as known', async () => {
    const list = json('nmc_alarm_list', 'alarm-list.json');
    const at = '2026-09-19T11:50:00+08:00';
    expect((await postAt(LIST, at, list)).body).toMatchObject({ entries: 12, new: 12, unresolved: 0 });
    expect((await postAt(LIST, at, list)).body).toMatchObject({ entries: 12, known: 12 });
  });

  it('of past years are history', async () => {
    const texts = json('alert_texts', 'alerts_zh.json');
    const answer = await post(TEXT, { texts });
    const outcomes = alertsOf(answer).map(({ outcome }) => outcome);
    expect([answer.status, outcomes]).toEqual([202, Array(13).fill('recorded')]);
    expect(alertsOf(await post(TEXT, { texts })).every(({ outcome }) => outcome === 'duplicate')).toBe(true);
  });
});
