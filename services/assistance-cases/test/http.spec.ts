import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { shanghaiDay } from '@fangpin/domain-kit';
import { TriageOutcome } from '@fangpin/contracts';
import { eventually, type TokenClaims } from '@fangpin/testing';
import { allCaseActions } from '../src/cases/case-actions.js';
import { anAlertBatch, caseId, ORANGE, OTHER_TOWNSHIP, range, RED, shockIdOf, TOWNSHIP } from './harness.js';
import { officer, runningService, type RunningService } from './service.js';

const today = shanghaiDay(new Date());
const dismissal = { reason: '核实未受灾', checkers: ['g-101', 'g-102'], toldOn: today };
const caseworker = { role: 'township-caseworker', region: TOWNSHIP };
const grid = { role: 'village-monitor', region: TOWNSHIP };
const elsewhere = { role: 'township-caseworker', region: OTHER_TOWNSHIP };

let service: RunningService;
beforeAll(async () => {
  service = await runningService();
  const severity = (household: number): number => (household <= 60 ? RED : ORANGE);
  await service.say(
    anAlertBatch(range(1, 100), { severity }),
    anAlertBatch(range(1_001, 20), { township: OTHER_TOWNSHIP, severity: RED }),
  );
  await service.answered(120);
}, 120_000);
afterAll(() => service.close());

describe('lists', () => {
  it('page through all cases of the area, what is due first ahead, each once', async () => {
    const seen: unknown[] = [];
    let cursor = '';
    for (let pages = 0; pages < 10; pages += 1) {
      const { status, body } = await service.get(`/v1/cases?limit=25&cursor=${cursor}`);
      expect(status).toBe(200);
      seen.push(...body.items.map(({ id }) => id));
      if (body.nextCursor === null) break;
      cursor = body.nextCursor;
    }
    expect(seen).toHaveLength(80);
    expect(new Set(seen).size).toBe(80);
  });

  it("show a township's caseworker that township only", async () => {
    expect((await service.get('/v1/cases?limit=200', caseworker)).body.items).toHaveLength(60);
    expect((await service.get('/v1/cases?limit=200', elsewhere)).body.items).toHaveLength(20);
    expect((await service.get('/v1/check-items?limit=200', caseworker)).body.items).toHaveLength(40);
    expect((await service.get('/v1/check-items', elsewhere)).body.items).toEqual([]);
  });

  it("refuse a region outside the caller's, and what cannot be read", async () => {
    for (const list of ['cases', 'check-items', 'worklist']) {
      expect(await service.get(`/v1/${list}?region=${OTHER_TOWNSHIP}`, caseworker)).toMatchObject({
        status: 403,
        body: { code: 'SCOPE.OUTSIDE' },
      });
      expect((await service.get(`/v1/${list}?region=5x`)).status).toBe(400);
      expect((await service.get(`/v1/${list}?cursor=made-up`)).status).toBe(400);
      expect((await service.get(`/v1/${list}?colour=red`)).body.errors).toMatchObject([{ field: 'colour' }]);
    }
    expect((await service.get('/v1/cases?due=someday')).body.errors).toMatchObject([{ field: 'due' }]);
    expect((await service.get('/v1/cases?state=open')).body.errors).toMatchObject([{ field: 'state' }]);
  });

  it('filter by state, shock and due day', async () => {
    const listed = async (query: string): Promise<number> =>
      (await service.get(`/v1/cases?limit=200&${query}`)).body.items.length;
    expect(await listed(`shockId=${shockIdOf(1)}`)).toBe(80);
    expect(await listed(`shockId=${shockIdOf(9)}`)).toBe(0);
    expect(await listed('state=dismissed')).toBe(0);
    expect(await listed('due=2026-07-21')).toBe(0);
    expect(await listed('due=2026-07-22')).toBe(80);
    expect(await listed('due=overdue')).toBe(80);
  });

  it('merge cases and check items into one worklist in the order of their clocks', async () => {
    const { body } = await service.get('/v1/worklist?limit=200', caseworker);
    const due = body.items.map(({ dueAt }) => String(dueAt));
    expect(due).toHaveLength(100);
    expect(due).toEqual([...due].sort());
    const halves = await service.get('/v1/worklist?limit=70', caseworker);
    const rest = await service.get(`/v1/worklist?limit=70&cursor=${halves.body.nextCursor}`, caseworker);
    expect([...halves.body.items, ...rest.body.items]).toEqual(body.items);
  });

  it('are closed to systems that only push', async () => {
    expect(
      (await service.get('/v1/cases', { ...officer, role: 'department-client', department: 'water' })).status,
    ).toBe(403);
  });
});

describe('a case', () => {
  it('is shown with its alerts, its clock and every action of the life cycle', async () => {
    const { status, headers, body } = await service.get(`/v1/cases/${caseId(1, 1)}`);
    expect(status).toBe(200);
    expect(headers['etag']).toMatch(/^"\d+"$/);
    expect(body).toMatchObject({
      id: caseId(1, 1),
      householdId: 1,
      region: '532327101200',
      persons: 4,
      severity: 4,
      severityLabel: '红色',
      state: 'clue',
      stateLabel: '线索',
      dueAt: '2026-07-22T23:59:59+08:00',
      alerts: [{ alertId: caseId(1, 1), shockId: shockIdOf(1), opened: true, stands: true }],
    });
    const named = [...body.allowedActions, ...body.refusedActions].map(({ action }) => action);
    expect(named.sort()).toEqual([...allCaseActions].sort());
    expect(body.allowedActions).toContainEqual({
      action: 'dismiss',
      label: '排除线索',
      requires: ['reason', 'checkers', 'toldOn'],
    });
    const removal = body.refusedActions.find(({ action }) => action === 'start-removal');
    expect(removal?.reasons[0]).toEqual({ code: 'CASE.STATE', text: expect.stringContaining('当前为线索') });
  });

  it('of another area is not found, and what is no id is refused', async () => {
    for (const url of [
      `/v1/cases/${caseId(1, 1)}`,
      `/v1/cases/${caseId(1, 1)}/history`,
      `/v1/cases/${caseId(1, 9_999)}`,
    ])
      expect((await service.get(url, elsewhere)).status).toBe(404);
    expect((await service.post(`/v1/cases/${caseId(1, 1)}/actions/dismiss`, dismissal, elsewhere)).status).toBe(404);
    expect((await service.get('/v1/cases/4711')).status).toBe(400);
  });

  it('refuses a step by state or role before it looks at the body', async () => {
    const url = `/v1/cases/${caseId(1, 2)}/actions`;
    const refused = await service.post(`${url}/start-removal`, {});
    expect(refused).toMatchObject({ status: 409, body: { code: 'CASE.ACTION_NOT_ALLOWED' } });
    expect(refused.body.reasons[0]?.code).toBe('CASE.STATE');
    const role = await service.post(`${url}/dismiss`, { nonsense: true }, grid);
    expect(role).toMatchObject({ status: 403, body: { reasons: [{ code: 'CASE.ROLE' }] } });
    expect((await service.post(`${url}/withdraw`, {})).body.reasons[0]?.code).toBe('CASE.MACHINE_ONLY');
    expect((await service.post(`${url}/move-out`, {})).body.reasons[0]?.code).toBe('CASE.REGISTER');
    expect((await service.post(`${url}/decline`, {})).body.reasons.at(-1)?.code).toBe('CASE.NOT_YET_AVAILABLE');
    expect((await service.post(`${url}/fly`, {})).status).toBe(404);
  });

  it('names every field that a dismissal lacks, and changes nothing', async () => {
    const url = `/v1/cases/${caseId(1, 3)}/actions/dismiss`;
    const fields = async (body: unknown): Promise<string[]> => {
      const answer = await service.post(url, body);
      expect(answer.status).toBe(400);
      return answer.body.errors.map(({ field }) => field).sort();
    };
    expect(await fields({})).toEqual(['checkers', 'reason', 'toldOn']);
    expect(await fields({ ...dismissal, checkers: ['g-101', ' g-101'] })).toEqual(['checkers']);
    expect(await fields({ ...dismissal, toldOn: '2099-01-01' })).toEqual(['toldOn']);
    expect(await fields({ ...dismissal, toldOn: '2026-02-30' })).toEqual(['toldOn']);
    expect(await fields({ ...dismissal, reason: 5, name: '某' })).toEqual(['name', 'reason']);
    expect(await fields(['x'])).toEqual(['body']);
    expect((await service.get(`/v1/cases/${caseId(1, 3)}`)).body.state).toBe('clue');
  });

  it('is verified, compared and dismissed with the reason told, each step in history and event', async () => {
    const id = caseId(1, 4);
    const url = `/v1/cases/${id}`;
    const started = await service.post(`${url}/actions/start-verification`, {}, grid);
    // The clock of the whole identification runs now: fifteen days from when the risk was found.
    expect(started).toMatchObject({ status: 200, body: { state: 'verifying', dueAt: '2026-08-04T23:59:59+08:00' } });
    expect((await service.post(`${url}/actions/start-verification`, {}, grid)).status).toBe(409);
    expect((await service.post(`${url}/actions/start-comparison`, {}, caseworker)).body.state).toBe('comparing');
    const done = await service.post(`${url}/actions/dismiss`, dismissal, caseworker);
    expect(done).toMatchObject({ status: 200, body: { state: 'dismissed', allowedActions: [], overdue: false } });
    const { items } = (await service.get(`${url}/history`)).body;
    expect(items.map(({ action, to }) => [action, to])).toEqual([
      ['opened', 'clue'],
      ['start-verification', 'verifying'],
      ['start-comparison', 'comparing'],
      ['dismiss', 'dismissed'],
    ]);
    expect(items[3]).toMatchObject({ ...dismissal, actor: expect.any(String), actorRole: 'township-caseworker' });
    await eventually(() =>
      expect(service.steps.filter(({ caseId: of }) => of === id).map(({ state }) => state)).toEqual([
        'verifying',
        'comparing',
        'dismissed',
      ]),
    );
    const worklist = await service.get('/v1/worklist?limit=200', caseworker);
    expect(worklist.body.items.some((item) => item['id'] === id)).toBe(false);
  });

  it('lets a step pass only on the revision that was read, and once under a key', async () => {
    const url = `/v1/cases/${caseId(1, 5)}`;
    const { headers } = await service.get(url);
    const etag = String(headers['etag']);
    const step = `${url}/actions/start-verification`;
    expect((await service.post(step, {}, officer, { 'if-match': '"1"' })).status).toBe(412);
    const first = await service.post(step, {}, officer, { 'if-match': etag, 'idempotency-key': 'k-1' });
    const repeat = await service.post(step, {}, officer, { 'if-match': etag, 'idempotency-key': 'k-1' });
    expect([first.status, repeat.status]).toEqual([200, 200]);
    expect(repeat.body).toEqual(first.body);
    expect((await service.post(step, { reason: '另一' }, officer, { 'idempotency-key': 'k-1' })).body.code).toBe(
      'IDEMPOTENCY.KEY_REUSED',
    );
    expect(await service.count('case_steps', 'household_id = 5')).toBe(1);
  });
});

describe('a check item', () => {
  const result = (household: number, body: unknown, claims: TokenClaims = grid) =>
    service.post(`/v1/check-items/${caseId(1, household)}/result`, body, claims);
  const noRisk = { result: 'no-risk', reason: '入户查看无损失', checkers: ['g-1', 'g-2'], checkedOn: today };

  it('without risk needs two checkers, and is then closed', async () => {
    expect((await result(71, { ...noRisk, checkers: ['g-1'] })).body.errors).toMatchObject([{ field: 'checkers' }]);
    expect((await result(71, { ...noRisk, result: 'fine' })).body.errors).toMatchObject([{ field: 'result' }]);
    expect((await result(71, noRisk)).body).toMatchObject({ state: 'no-risk', caseId: null });
    const again = await result(71, {});
    expect(again).toMatchObject({ status: 409, body: { reasons: [{ code: 'CHECK_ITEM.STATE' }] } });
  });

  it('with risk becomes a case of its own, in history and event', async () => {
    const answer = await result(72, { ...noRisk, result: 'risk', checkers: ['g-1'] });
    expect(answer.body).toMatchObject({ state: 'risk', caseId: caseId(1, 72), caseOpened: true });
    const { body } = await service.get(`/v1/cases/${caseId(1, 72)}`);
    expect(body).toMatchObject({ state: 'clue', severity: ORANGE });
    await eventually(() =>
      expect(service.steps.find(({ householdId }) => householdId === 72n)).toMatchObject({ action: 'open-from-check' }),
    );
    expect(service.answers.of(1, 72)).toBe(TriageOutcome.LISTED);
  });

  it('with risk joins the open case of its household', async () => {
    await service.say(anAlertBatch([73], { shock: 2, cause: 'price-fall', severity: RED }));
    await service.answered(121);
    const answer = await result(73, { ...noRisk, result: 'risk' });
    expect(answer.body).toMatchObject({ caseId: caseId(2, 73), caseOpened: false });
    expect((await service.get(`/v1/cases/${caseId(2, 73)}`)).body['alerts']).toHaveLength(2);
    const { items } = (await service.get(`/v1/cases/${caseId(2, 73)}/history`)).body;
    expect(items.map(({ action }) => action)).toEqual(['opened', 'alert-joined', 'attach-from-check']);
  });

  it('shows in the history of a case the alert that joined it', async () => {
    await service.say(anAlertBatch([10], { shock: 2, cause: 'price-fall', severity: RED }));
    await service.answered(122);
    const { items } = (await service.get(`/v1/cases/${caseId(1, 10)}/history`)).body;
    expect(items).toMatchObject([{ action: 'opened' }, { action: 'alert-attached', revision: null, severity: RED }]);
  });

  it('that met nobody stays on the list with a new clock', async () => {
    expect((await result(74, { ...noRisk, result: 'unreachable' })).body.state).toBe('unreachable');
    const { items } = (await service.get('/v1/check-items?state=unreachable')).body;
    expect(items).toMatchObject([{ householdId: 74, overdue: false }]);
  });

  it('of another area is not found, and an auditor records nothing', async () => {
    expect((await result(75, noRisk, elsewhere)).status).toBe(404);
    expect((await result(75, noRisk, { role: 'auditor', region: '532327' })).status).toBe(403);
  });
});

describe('the service', () => {
  it('is ready, and describes itself', async () => {
    expect((await service.get('/health/ready')).status).toBe(200);
    const { body } = await service.get('/openapi.json');
    expect(Object.keys(body['paths'] as object)).toEqual(
      expect.arrayContaining([
        '/v1/cases',
        '/v1/cases/{id}/actions/{action}',
        '/v1/check-items/{id}/result',
        '/v1/worklist',
      ]),
    );
  });
});
