import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Lane, ShockEnd, ShockState } from '@fangpin/contracts';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { capXml, startShockApp, type ShockApp } from './shock-app.js';

let service: ShockApp;
beforeAll(async () => {
  service = await startShockApp();
});
afterAll(() => service.close());

const demo = JSON.parse(
  readFileSync(new URL('../../../scripts/lib/demo/data/damage-report.json', import.meta.url), 'utf8'),
) as Record<string, unknown>;
// A report's identity is its content.
let told = 0;
const report = (over: object = {}): object => ({ ...demo, headline: `灾情第${(told += 1)}报`, ...over });
const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();
const post = (body: unknown, call: object = {}) => service.call('POST', '/v1/shocks', { body, ...call });

describe('a damage report', () => {
  it('goes to the alert lane with its damage, judged on the day it happened', async () => {
    const answer = await post(demo);
    expect(answer).toMatchObject({ status: 202, body: { outcome: 'accepted', lane: 'alert', problems: [] } });
    const shockId = answer.body['shockId'] as string;
    const [event] = await service.eventsOf(shockId);
    expect(event).toMatchObject({
      kind: 'rainstorm',
      lane: Lane.ALERT,
      state: ShockState.OPEN,
      observed: true,
      judgedOn: '2026-07-18',
      source: expect.stringContaining('构造示例'),
    });
    expect(event?.damage).toHaveLength(5);
    expect(event?.damage[0]).toMatchObject({ region: '532327101', cropHitCentimu: 320_000n, cropLostCentimu: 62_000n });
    expect((await post(demo)).body).toMatchObject({ shockId, outcome: 'duplicate', lane: 'alert' });
    expect(await service.eventsOf(shockId)).toHaveLength(1);
  });

  it('sent twice at once is one shock', async () => {
    const body = report();
    const answers = await Promise.all([post(body), post(body), post(body)]);
    expect(new Set(answers.map((answer) => answer.body['shockId'])).size).toBe(1);
    expect(answers.map((answer) => answer.body['outcome']).sort()).toEqual(['accepted', 'duplicate', 'duplicate']);
  });

  it('is told in one line, whatever stands in its headline, and its history in the time of Beijing', async () => {
    const body = report({ headline: '中和镇\u202E冰雹\n\t灾情', source: '永仁县\n应急管理局' });
    const { shockId } = (await post(body)).body as { shockId: string };
    const told = { headline: '中和镇冰雹 灾情', source: '永仁县 应急管理局' };
    expect((await service.eventsOf(shockId))[0]).toMatchObject(told);
    expect((await post(body)).body).toMatchObject({ shockId, outcome: 'duplicate' });
    const shown = (await service.call('GET', `/v1/shocks/${shockId}`)).body;
    expect(shown).toMatchObject({ ...told, revisions: [{ at: expect.stringMatching(/\+08:00$/) }] });
  });

  it('is a repeat by its Idempotency-Key, which takes no other body', async () => {
    const headers = { 'idempotency-key': 'report-1' };
    const body = report();
    const first = await post(body, { headers });
    expect((await post(body, { headers })).body).toMatchObject({
      shockId: first.body['shockId'],
      outcome: 'duplicate',
    });
    expect(await post(report(), { headers })).toMatchObject({ status: 409, body: { code: 'IDEMPOTENCY.KEY_REUSED' } });
  });

  it('with unknown members, codes and contradictions is refused with all of them named', async () => {
    const { status, body, headers } = await post(
      report({ level: 'mauve', regions: ['999999'], weather: 'bad', damage: [{ region: '532327101', cropHitMu: -4 }] }),
    );
    expect(status).toBe(400);
    expect(headers['content-type']).toContain('application/problem+json');
    expect((body['errors'] as { field: string }[]).map(({ field }) => field)).toEqual([
      'weather',
      'level',
      'regions[0]',
      'damage[0].cropHitMu',
    ]);
    expect((await post('{"kind":', {})).status).toBe(400);
    expect((await post('<a/>', { type: 'application/xml' })).status).toBe(415);
    expect((await post(report(), { as: { role: 'helper' } })).status).toBe(403);
  });

  it('of a forecast without an end gets one by policy and says so', async () => {
    const { body } = await post(
      report({ observed: false, damage: [], kind: '冰雹', onset: new Date(Date.now() + 3_600_000).toISOString() }),
    );
    expect(body).toMatchObject({ outcome: 'accepted', lane: 'notice', problems: [{ code: 'SHOCK.EXPIRY_ASSUMED' }] });
    const over = report({ observed: false, damage: [], expires: '2026-07-18T12:00:00+08:00' });
    expect((await post(over)).body).toMatchObject({ outcome: 'recorded', lane: 'recorded' });
  });
});

describe('a report that nothing follows from', () => {
  const codes = async (over: object): Promise<unknown> => {
    const { status, body } = await post(report({ damage: [], ...over }));
    return status === 202 ? (body['problems'] as { code: string }[]).map(({ code }) => code) : body['errors'];
  };

  it('says that it alerts nobody by itself', async () => {
    for (const kind of ['forest-fire', 'icy-road', 'sandstorm', 'other'])
      expect(await codes({ kind, level: 'red' })).toEqual(['REPORT.ALERTS_NOBODY']);
    const region = (report() as { regions: string[] }).regions[0];
    expect(await codes({ kind: 'forest-fire', damage: [{ region, housesCollapsed: 2 }] })).toEqual([]);
    for (const kind of ['hail', 'earthquake']) expect(await codes({ kind, onset: daysAgo(630) })).toEqual([]);
  });

  it('of a price is refused: prices come by their series', async () => {
    expect(await codes({ kind: 'price-fall' })).toMatchObject([{ field: 'kind', value: 'price-fall' }]);
  });

  it('of a day before all policy is refused by the name of the day', async () => {
    const onset = '1996-02-03T19:14:00+08:00';
    expect(await codes({ kind: 'earthquake', onset })).toMatchObject([{ field: 'onset', value: onset }]);
  });

  it('of years ago is refused: a slip in the year would alert households by the line of that year', async () => {
    const rule = expect.stringContaining('must not lie more than 730 days before the report');
    for (const onset of [daysAgo(731), '2020-08-20T16:00:00+08:00'])
      expect(await codes({ kind: 'hail', onset })).toMatchObject([{ field: 'onset', rule }]);
    expect(await codes({ kind: 'hail', onset: daysAgo(729) })).toEqual([]);
  });

  it('of years ago is taken where an operator replays it, and where it goes on with a known one', async () => {
    const body = { ...report(), onset: '2022-07-18T04:30:00+08:00' };
    const replayed = await service.call('POST', '/v1/shocks?asOf=2022-07-20T08:00:00Z', { body });
    expect(replayed).toMatchObject({ status: 202, body: { lane: 'alert', problems: [] } });
    const next = await post({ ...body, headline: '续报', shockId: replayed.body['shockId'] });
    expect(next).toMatchObject({ status: 202, body: { outcome: 'updated' } });
  });
});

describe('an officer', () => {
  it('calls a shock off once, with a reason, and everybody hears of it', async () => {
    const { body } = await post(report());
    const shockId = body['shockId'] as string;
    const path = `/v1/shocks/${shockId}/cancel`;
    expect(await service.call('POST', path, { body: {} })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'reason' }] },
    });
    expect(await service.call('POST', path, { body: { reason: '误报', extra: 1 } })).toMatchObject({ status: 400 });
    const answers = await Promise.all([1, 2].map(() => service.call('POST', path, { body: { reason: '误报' } })));
    for (const answer of answers)
      expect(answer).toMatchObject({ status: 202, body: { shockId, outcome: 'cancelled', lane: 'alert' } });
    expect((await service.eventsOf(shockId)).map(({ state }) => state)).toEqual([
      ShockState.OPEN,
      ShockState.CANCELLED,
    ]);
    expect((await service.call('GET', `/v1/shocks/${shockId}`)).body).toMatchObject({
      state: 'cancelled',
      cancelled: { by: 'officer', reason: '误报' },
    });
    expect((await service.call('POST', '/v1/shocks/no-such-shock/cancel', { body: { reason: 'x' } })).status).toBe(404);
  });

  it('of another county, or of one of its townships, calls off nothing', async () => {
    const { body } = await post(report());
    const path = `/v1/shocks/${String(body['shockId'])}`;
    for (const region of ['532301', '532327101'])
      for (const word of ['cancel', 'end'])
        expect(
          await service.call('POST', `${path}/${word}`, {
            body: { reason: '误报' },
            as: { role: 'county-officer', region },
          }),
        ).toMatchObject({ status: 403, body: { code: 'SCOPE.OUTSIDE' } });
    expect((await service.call('GET', path)).body).toMatchObject({ state: 'open' });
    const own = { body: { reason: '误报' }, as: { role: 'county-officer', region: '532327' } };
    expect(await service.call('POST', `${path}/cancel`, own)).toMatchObject({ status: 202 });
  });

  it('who calls a warning off is not overruled by an older message of its chain', async () => {
    const identifier = `w-${Math.random()}`;
    const earlier = new Date(Date.now() - 7_200_000).toISOString();
    const { body } = await service.cap(capXml({ identifier, sent: earlier }));
    const shockId = body['shockId'] as string;
    await service.call('POST', `/v1/shocks/${shockId}/cancel`, { body: { reason: '误报' } });
    const update = await service.cap(capXml({ msgType: 'Update', references: identifier, headline: '暴雨橙色预警' }));
    expect(update.body).toMatchObject({ shockId, outcome: 'cancelled' });
  });
});

describe('the list of shocks', () => {
  it('shows those that touch an area, page by page, the newest first', async () => {
    const made: string[] = [];
    for (let i = 0; i < 3; i += 1) {
      const { body } = await post(report({ kind: 'hail', regions: ['520112'], damage: [] }));
      made.unshift(body['shockId'] as string);
    }
    const listed: string[] = [];
    let cursor = '';
    do {
      const { body } = await service.call(
        'GET',
        `/v1/shocks?region=520112&kind=hail&lane=alert&state=open&limit=2${cursor}`,
      );
      listed.push(...(body['items'] as { id: string }[]).map(({ id }) => id));
      cursor = body['nextCursor'] === null ? '' : `&cursor=${String(body['nextCursor'])}`;
    } while (cursor !== '');
    expect(listed).toEqual(made);
    const { body } = await service.call('GET', '/v1/shocks?region=52&kind=hail');
    expect((body['items'] as unknown[]).length).toBe(3);
    expect((await service.call('GET', '/v1/shocks?region=5323')).body['items']).not.toContainEqual(
      expect.objectContaining({ id: made[0] }),
    );
  });

  it('ends at the border of the caller’s area', async () => {
    const as = { role: 'township-caseworker', region: '532327101' };
    expect((await service.call('GET', '/v1/shocks?region=52', { as })).status).toBe(403);
    const { body } = await service.call('GET', '/v1/shocks', { as });
    const regions = (body['items'] as { regions: string[] }[]).flatMap((item) => item.regions);
    expect(regions.length).toBeGreaterThan(0);
    expect(regions).not.toContain('520112');
  });

  it('refuses filters that it does not know', async () => {
    const { status, body } = await service.call('GET', '/v1/shocks?lane=fast&region=x&colour=red');
    expect(status).toBe(400);
    expect((body['errors'] as { field: string }[]).map(({ field }) => field).sort()).toEqual([
      'colour',
      'lane',
      'region',
    ]);
    expect((await service.call('GET', '/v1/shocks/00000000-0000-8000-8000-000000000000')).status).toBe(404);
  });
});

describe('the service', () => {
  it('describes itself and is ready', async () => {
    expect(await service.call('GET', '/health/ready')).toMatchObject({ status: 200 });
    const { body } = await service.call('GET', '/openapi.json');
    expect(Object.keys(body['paths'] as object).sort()).toEqual(
      expect.arrayContaining([
        '/v1/shocks',
        '/v1/shocks/cap',
        '/v1/shocks/market-prices',
        '/v1/shocks/quarantine',
        '/v1/shocks/{id}',
      ]),
    );
  });
});

describe('an officer who says that a shock is over', () => {
  const report = (over: object = {}): object => ({
    kind: 'hail',
    level: 'orange',
    observed: true,
    regions: ['532327'],
    onset: '2026-07-18T16:00:00+08:00',
    headline: `冰雹 ${randomUUID()}`,
    source: '县农业农村局',
    ...over,
  });

  it('ends it, and those who follow it hear that it is over and not that it was called off', async () => {
    const taken = await service.call('POST', '/v1/shocks', { body: report() });
    const id = taken.body['shockId'] as string;
    const body = { reason: '灾情已稳定' };
    expect(await service.call('POST', `/v1/shocks/${id}/end`, { body })).toMatchObject({
      status: 202,
      body: { shockId: id, outcome: 'updated' },
    });
    expect((await service.call('GET', `/v1/shocks/${id}`)).body).toMatchObject({
      state: 'ended',
      endedBy: 'lifted',
      cancelled: null,
    });
    const events = await service.eventsOf(id);
    expect(events.at(-1)).toMatchObject({ state: ShockState.ENDED, endedBy: ShockEnd.LIFTED });
    // Said twice, nothing changes.
    await service.call('POST', `/v1/shocks/${id}/end`, { body });
    expect(await service.eventsOf(id)).toHaveLength(events.length);
  });

  it('must say why, and may not end what nobody knows', async () => {
    const id = (await service.call('POST', '/v1/shocks', { body: report() })).body['shockId'] as string;
    expect((await service.call('POST', `/v1/shocks/${id}/end`, { body: {} })).status).toBe(400);
    expect((await service.call('POST', `/v1/shocks/${randomUUID()}/end`, { body: { reason: 'x' } })).status).toBe(404);
  });
});
