import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { VillageAnswerState } from '@fangpin/contracts';
import { eventually, type TokenClaims } from '@fangpin/testing';
import { anAlertBatch, shockIdOf } from './harness.js';
import { aNotice } from './notices.js';
import { officer, runningService, type RunningService } from './service.js';

const HOUR_MS = 3_600_000;
const monitor: TokenClaims = { role: 'village-monitor', region: '532327101001' };
const caseworker: TokenClaims = { role: 'township-caseworker', region: '532327101' };
const elsewhere: TokenClaims = { role: 'county-officer', region: '532328' };

let service: RunningService;
beforeAll(async () => {
  service = await runningService();
  // A day less half a minute ago: the alert's item is due later.
  await service.sayShock(aNotice({ revision: 1, state: 'open' }), new Date(Date.now() - 24 * HOUR_MS));
  await service.sayShock(aNotice({ revision: 2 }), new Date(Date.now() - 23.99 * HOUR_MS));
  await asked(12);
}, 120_000);
afterAll(() => service.close());

const asked = (questions: number): Promise<void> =>
  eventually(async () => expect(await service.count('village_questions')).toBe(questions));

async function questionOf(claims: TokenClaims = monitor): Promise<string> {
  const { body } = await service.get(`/v1/village-questions?shockId=${shockIdOf(1)}`, claims);
  return String(body.items[0]?.['id']);
}

describe('questions to villages', () => {
  it('are listed in the words and the order in which they are due, page by page', async () => {
    const first = await service.get('/v1/village-questions?limit=8&state=open', officer);
    expect(first).toMatchObject({ status: 200 });
    expect(first.body.items[0]).toMatchObject({
      village: '532327101001',
      villageName: '苴却社区居民委员会',
      text: '7月18日暴雨红色预警已结束，请报本村是否受灾（未受灾也要报）',
      state: 'open',
      stateLabel: '待答复',
      overdue: false,
      notices: [{ shockId: shockIdOf(1), kind: 'rainstorm', level: 4, withdrawn: false }],
    });
    const second = await service.get(`/v1/village-questions?limit=8&cursor=${first.body.nextCursor}`, officer);
    expect([first.body.items.length, second.body.items.length, second.body.nextCursor]).toEqual([8, 4, null]);
    const villages = [...first.body.items, ...second.body.items].map((item) => item['village']);
    expect(new Set(villages).size).toBe(12);
  });

  it('end at the border of the caller’s area', async () => {
    expect((await service.get('/v1/village-questions', monitor)).body.items).toHaveLength(1);
    expect((await service.get('/v1/village-questions', elsewhere)).body.items).toEqual([]);
    expect((await service.get('/v1/village-questions?region=532328', officer)).status).toBe(403);
    expect((await service.get(`/v1/village-questions/${await questionOf()}`, elsewhere)).status).toBe(404);
    expect((await service.get('/v1/village-questions/4711')).status).toBe(400);
    expect((await service.get('/v1/village-questions?state=late')).status).toBe(400);
  });

  it('stand in the worklist beside visits, by when they are due', async () => {
    await service.say(anAlertBatch([4_711], { severity: 3, raisedAt: new Date() }));
    await service.answered(1);
    const { body } = await service.get('/v1/worklist?limit=200');
    expect(body.items.map(({ kind }) => kind)).toEqual([...Array<string>(12).fill('village-question'), 'check-item']);
    expect(body.items[0]).toMatchObject({
      householdId: null,
      region: '532327101001',
      severityLabel: '红色',
      text: expect.stringContaining('请报本村是否受灾'),
    });
    const paged = await service.get('/v1/worklist?limit=5');
    const rest = await service.get(`/v1/worklist?limit=200&cursor=${paged.body.nextCursor}`);
    expect([...paged.body.items, ...rest.body.items]).toEqual(body.items);
  });

  it('are answered once under a key, with an ETag to put it right', async () => {
    const id = await questionOf();
    const url = `/v1/village-questions/${id}/answer`;
    const hit = { hit: true, cropHitMu: 40, products: ['玉米'] };
    expect((await service.post(url, hit, { role: 'auditor', region: '532327' })).status).toBe(403);
    const first = await service.post(url, hit, monitor, { 'idempotency-key': 'a-1' });
    const repeat = await service.post(url, hit, monitor, { 'idempotency-key': 'a-1' });
    expect([first.status, repeat.body]).toEqual([200, first.body]);
    expect((await service.post(url, { hit: false }, monitor, { 'idempotency-key': 'a-1' })).status).toBe(409);
    expect((await service.post(url, { hit: false }, monitor)).status).toBe(428);
    const { headers, body } = await service.get(`/v1/village-questions/${id}`, monitor);
    expect(body).toMatchObject({ state: 'hit', cropHitMu: 40, products: ['玉米'], answers: [{ hit: true }] });
    const etag = String(headers['etag']);
    const corrected = await service.post(url, { hit: false }, monitor, { 'if-match': etag });
    expect(corrected).toMatchObject({ status: 200, body: { state: 'not-hit', changed: true } });
    await eventually(() =>
      expect(service.villageAnswers.map(({ state, village }) => [state, village])).toEqual([
        [VillageAnswerState.HIT, '532327101001'],
        [VillageAnswerState.NOT_HIT, '532327101001'],
      ]),
    );
  });

  it('are answered 未受灾 for many villages at once, by those who run the township', async () => {
    const body = { hit: false, villages: ['532327101002', '532327101003'] };
    expect((await service.post('/v1/village-questions/answers', body, monitor)).status).toBe(403);
    const bad = await service.post('/v1/village-questions/answers', { hit: true, villages: ['永定'] }, caseworker);
    expect(bad.body.errors.map(({ field }) => field).sort()).toEqual(['hit', 'villages']);
    const taken = await service.post('/v1/village-questions/answers', body, caseworker);
    expect(taken).toMatchObject({ status: 200, body: { answered: 2, unchanged: 0, refused: [] } });
    await eventually(() => expect(service.villageAnswers).toHaveLength(4));
  });

  it('go overdue in silence, and the summary says where', async () => {
    await service.sayShock(aNotice({ shock: 2, regions: ['532327102'] }), new Date(Date.now() - 24 * HOUR_MS + 500));
    await eventually(async () => {
      const { body } = await service.get('/v1/village-questions?state=overdue&limit=200');
      expect(body.items.length).toBeGreaterThan(0);
      expect(new Set(body.items.map(({ village }) => String(village).slice(0, 9)))).toEqual(new Set(['532327102']));
    });
    const { body } = await service.get('/v1/village-questions/summary');
    const silent = (body['townships'] as Record<string, unknown>[])[1];
    expect(body['townships']).toMatchObject([
      { region: '532327101', asked: 12, hit: 0, notHit: 3, open: 9, overdue: 0 },
      { region: '532327102', hit: 0, notHit: 0, open: silent?.['asked'], overdue: silent?.['asked'] },
    ]);
    const ofNotice = await service.get(`/v1/village-questions/summary?shockId=${shockIdOf(1)}`, caseworker);
    expect(ofNotice.body).toMatchObject({ asked: 12, hit: 0, notHit: 3, open: 9, overdue: 0 });
    expect(ofNotice.body['townships']).toHaveLength(1);
  });

  it('are withdrawn when their notice is called off', async () => {
    await service.sayShock(aNotice({ revision: 3, state: 'cancelled' }));
    await eventually(async () => {
      const { body } = await service.get(`/v1/village-questions?state=withdrawn&shockId=${shockIdOf(1)}`);
      expect(body.items).toHaveLength(9);
    });
    const [withdrawn] = (await service.get('/v1/village-questions?state=withdrawn')).body.items;
    const refused = await service.post(`/v1/village-questions/${withdrawn?.['id']}/answer`, { nonsense: true });
    expect(refused).toMatchObject({ status: 409, body: { reasons: [{ code: 'VILLAGE_QUESTION.WITHDRAWN' }] } });
  });
});
