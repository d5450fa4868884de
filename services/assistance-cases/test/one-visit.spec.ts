import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { shanghaiDay } from '@fangpin/domain-kit';
import { JOINT_CAUSE, TriageOutcome } from '@fangpin/contracts';
import { eventually, type TokenClaims } from '@fangpin/testing';
import {
  anAlertBatch,
  caseId,
  ORANGE,
  OTHER_TOWNSHIP,
  range,
  RED,
  shockIdOf,
  TOWNSHIP,
  type AlertsGiven,
} from './harness.js';
import { officer, runningService, type ReplyBody, type RunningService } from './service.js';

const YELLOW = 2;
const today = shanghaiDay(new Date());
const grid = { role: 'village-monitor', region: TOWNSHIP };
const noRisk = { result: 'no-risk', reason: '入户查看无损失', checkers: ['g-1', 'g-2'], checkedOn: today };
const risk = { ...noRisk, result: 'risk', reason: '粮食绝收，医疗支出大' };
const dismissal = { reason: '核实未受灾', checkers: ['g-101', 'g-102'], toldOn: today };

let service: RunningService;
let said = 0;
beforeAll(async () => {
  service = await runningService();
}, 120_000);
afterAll(() => service.close());

/** Shock 1 is hail, shock 2 a fall of prices, shock 3 an illness, each listed below the case band unless told otherwise. */
const causes = ['', 'crop-disaster', 'price-fall', 'illness'];
async function alerted(shock: number, households: readonly number[], given: AlertsGiven = {}): Promise<void> {
  await service.say(anAlertBatch(households, { shock, cause: causes[shock] ?? '', severity: ORANGE, ...given }));
  said += households.length;
  await service.answered(said);
}

const worklistOf = async (household: number, claims: TokenClaims = officer) =>
  (await everyPage('/v1/worklist?limit=3', claims)).filter(({ householdId }) => householdId === household);

async function everyPage(url: string, claims: TokenClaims = officer): Promise<Record<string, unknown>[]> {
  const seen: Record<string, unknown>[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const { status, body }: { status: number; body: ReplyBody } = await service.get(`${url}&cursor=${cursor}`, claims);
    expect(status).toBe(200);
    seen.push(...body.items);
    cursor = body.nextCursor;
  }
  return seen;
}

const itemsOf = async (household: number) => (await service.get(`/v1/check-items?householdId=${household}`)).body.items;
const answer = (shock: number, household: number, body: unknown, claims: TokenClaims = grid) =>
  service.post(`/v1/check-items/${caseId(shock, household)}/result`, body, claims);

describe('a household that several alerts name', () => {
  it('is one entry of the worklist, with all that is asked, the earliest due time and the worst severity', async () => {
    const household = 1;
    await alerted(1, [household], { severity: YELLOW });
    await alerted(2, [household], { raisedAt: new Date('2026-07-16T09:00:00+08:00') });
    const entries = await worklistOf(household);
    expect(entries).toMatchObject([
      {
        kind: 'check-item',
        id: caseId(2, household),
        severity: ORANGE,
        dueAt: '2026-07-19T23:59:59+08:00',
        causes: ['price-fall', 'crop-disaster'],
        asks: [
          { id: caseId(2, household), causes: ['price-fall'], severity: ORANGE },
          { id: caseId(1, household), causes: ['crop-disaster'], severity: YELLOW, stateLabel: '待排查' },
        ],
      },
    ]);
    expect(await itemsOf(household)).toMatchObject([
      { id: caseId(2, household), sameVisit: [caseId(1, household)], joinedCase: null },
      { id: caseId(1, household), sameVisit: [caseId(2, household)], joinedCase: null },
    ]);
  });

  it('shows which of them a finding has raised, as the alerts themselves do', async () => {
    const household = 50;
    await alerted(31, [household], { cause: 'illness', shockKind: 'medical-spending', severity: RED });
    await alerted(32, [household], { cause: 'crop-disaster' });
    await alerted(33, [household], { cause: JOINT_CAUSE, shockKind: 'accident' });
    const behind = [
      { shockId: shockIdOf(31), findingId: shockIdOf(31) },
      { shockId: shockIdOf(32), findingId: null },
      { shockId: shockIdOf(33), findingId: null },
    ];
    expect((await worklistOf(household))[0]).toMatchObject({ asks: behind });
    const { body } = await service.get(`/v1/cases/${caseId(31, household)}`);
    expect(body).toMatchObject({ ...behind[0], alerts: behind });
    expect(await itemsOf(household)).toMatchObject(behind.slice(1));
    expect((await service.get(`/v1/cases?shockId=${shockIdOf(31)}`)).body.items).toMatchObject([behind[0]]);
  });

  it('is not cut in two where a page ends, and no household is left out', async () => {
    await alerted(1, range(100, 12));
    await alerted(2, range(106, 12), { raisedAt: new Date('2026-07-17T09:00:00+08:00') });
    const entries = await everyPage('/v1/worklist?limit=5');
    const households = entries.map(({ householdId }) => Number(householdId)).filter((one) => one >= 100);
    expect(households.sort((a, b) => a - b)).toEqual(range(100, 18));
    const due = entries.map(({ dueAt }) => String(dueAt));
    expect(due).toEqual([...due].sort());
  });

  it('is found by its number, and nothing else than a number is taken for one', async () => {
    expect(await itemsOf(9_999)).toEqual([]);
    for (const text of ['x', '-1', '0', '1.5', '9'.repeat(30)])
      expect((await service.get(`/v1/check-items?householdId=${text}`)).body.errors).toMatchObject([
        { field: 'householdId' },
      ]);
  });
});

describe('one visit', () => {
  it('without risk answers all that it names, each remembered for its own cause', async () => {
    const household = 200;
    await alerted(1, [household]);
    await alerted(2, [household]);
    await alerted(3, [household]);
    const reply = await answer(1, household, { ...noRisk, alsoAnswers: [caseId(2, household)] });
    expect(reply).toMatchObject({ status: 200, body: { state: 'no-risk', alsoAnswered: [caseId(2, household)] } });
    expect(await worklistOf(household)).toMatchObject([{ id: caseId(3, household), causes: ['illness'] }]);
    expect(await service.count('check_results', `household_id = ${household} AND checkers = '{g-1,g-2}'`)).toBe(2);
    await alerted(4, [household], { cause: 'price-fall' });
    expect((await itemsOf(household)).find(({ id }) => id === caseId(4, household))).toMatchObject({
      state: 'no-risk',
      rememberedFrom: caseId(2, household),
    });
  });

  it('with risk opens one case for all that it names, and the ledgers of all shocks still add up', async () => {
    const household = 201;
    await alerted(1, [household], { severity: YELLOW });
    await alerted(2, [household]);
    const reply = await answer(1, household, { ...risk, alsoAnswers: [caseId(2, household), caseId(1, household)] });
    expect(reply.body).toMatchObject({ caseId: caseId(1, household), caseOpened: true });
    const { body } = await service.get(`/v1/cases/${caseId(1, household)}`);
    expect(body).toMatchObject({
      severity: ORANGE,
      causes: ['crop-disaster', 'price-fall'],
      alerts: [
        { alertId: caseId(1, household), place: 'opened', opened: true, cause: 'crop-disaster', severity: YELLOW },
        { alertId: caseId(2, household), place: 'attached', opened: false, cause: 'price-fall', severityLabel: '橙色' },
      ],
    });
    expect(await worklistOf(household)).toMatchObject([{ kind: 'case', severity: ORANGE }]);
    expect([service.answers.of(1, household), service.answers.of(2, household)]).toEqual([
      TriageOutcome.LISTED,
      TriageOutcome.LISTED,
    ]);
    const { items } = (await service.get(`/v1/cases/${caseId(1, household)}/history`)).body;
    expect(items.map(({ action }) => action)).toEqual(['opened', 'open-from-check']);
  });

  it('with risk attaches to the case that is open already', async () => {
    const household = 202;
    await alerted(1, [household], { severity: RED });
    await alerted(2, [household]);
    await alerted(3, [household]);
    const reply = await answer(2, household, { ...risk, alsoAnswers: [caseId(3, household)] });
    expect(reply.body).toMatchObject({ caseId: caseId(1, household), caseOpened: false });
    expect(await service.count('cases', `household_id = ${household}`)).toBe(1);
    expect(await service.count('case_alerts', `household_id = ${household}`)).toBe(2);
  });

  it('that met nobody starts the clocks of all that it names anew', async () => {
    const household = 203;
    await alerted(1, [household]);
    await alerted(2, [household]);
    await answer(1, household, { ...noRisk, result: 'unreachable', alsoAnswers: [caseId(2, household)] });
    expect(await worklistOf(household)).toMatchObject([{ overdue: false, state: 'unreachable' }]);
  });

  it('names every id that it cannot answer, and then records nothing', async () => {
    const [household, neighbour] = [204, 205];
    await alerted(1, [household, neighbour]);
    const reply = await answer(1, household, {
      ...noRisk,
      alsoAnswers: [caseId(1, neighbour), 'x', caseId(9, household)],
    });
    expect(reply.status).toBe(400);
    expect(reply.body.errors).toMatchObject([
      { field: 'alsoAnswers[0]', value: caseId(1, neighbour), rule: expect.stringContaining('household 204') },
      { field: 'alsoAnswers[1]', value: 'x' },
      { field: 'alsoAnswers[2]', value: caseId(9, household) },
    ]);
    expect((await answer(1, household, { ...noRisk, alsoAnswers: 'x' })).body.errors).toMatchObject([
      { field: 'alsoAnswers' },
    ]);
    expect((await answer(1, household, { ...noRisk, alsoAnswers: [5] })).body.errors).toMatchObject([
      { field: 'alsoAnswers' },
    ]);
    expect(await service.count('check_results', `household_id IN (${household}, ${neighbour})`)).toBe(0);
    expect((await answer(1, household, { ...noRisk, alsoAnswers: null })).body).toMatchObject({ alsoAnswered: [] });
  });

  it('passes over what has the same result, and refuses what has another', async () => {
    const household = 206;
    for (const shock of [1, 2, 3]) await alerted(shock, [household]);
    await answer(1, household, noRisk);
    const named = { alsoAnswers: [caseId(1, household)] };
    const refused = await answer(2, household, { ...risk, ...named });
    expect(refused).toMatchObject({ status: 409, body: { code: 'CHECK_ITEM.CLOSED' } });
    expect(refused.body.reasons[0]?.text).toContain(caseId(1, household));
    expect(await service.count('cases', `household_id = ${household}`)).toBe(0);
    const taken = await answer(2, household, { ...noRisk, ...named });
    expect(taken).toMatchObject({ status: 200, body: { alsoAnswered: [] } });
    expect(await service.count('check_results', `household_id = ${household} AND origin = 7000001`)).toBe(1);
  });

  it('with risk marks the case where the alert was withdrawn after an earlier try', async () => {
    const household = 207;
    await alerted(1, [household]);
    await answer(1, household, { ...noRisk, result: 'unreachable' });
    await service.say(anAlertBatch([household], { shock: 1, revision: 2, withdrawn: true }));
    await eventually(() => expect(service.answers.of(1, household)).toBe(TriageOutcome.FLAGGED));
    expect((await answer(1, household, risk)).body).toMatchObject({ caseOpened: true });
    const { body } = await service.get(`/v1/cases/${caseId(1, household)}`);
    expect(body).toMatchObject({ flaggedAt: expect.any(String), severity: ORANGE, alerts: [{ stands: false }] });
  });

  it('recorded twice at once opens one case', async () => {
    const households = range(210, 8);
    await alerted(1, households);
    await alerted(2, households);
    const replies = await Promise.all(
      households.flatMap((household) => [answer(1, household, risk), answer(2, household, risk)]),
    );
    expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200));
    expect(replies.filter(({ body }) => body['caseOpened'])).toHaveLength(households.length);
    expect(await service.count('cases', 'household_id BETWEEN 210 AND 217')).toBe(households.length);
  });

  it('of a household whose case lies in another area opens no second', async () => {
    const household = 220;
    await alerted(1, [household], { severity: RED });
    await alerted(2, [household], { township: OTHER_TOWNSHIP });
    const there = { role: 'village-monitor', region: OTHER_TOWNSHIP };
    expect(await answer(2, household, risk, there)).toMatchObject({
      status: 409,
      body: { code: 'CHECK_ITEM.CASE_ELSEWHERE' },
    });
    expect(await worklistOf(household)).toHaveLength(1);
    expect(await worklistOf(household, there)).toMatchObject([{ kind: 'check-item' }]);
  });

  it('with risk brings an alert that was attached elsewhere before to where the household lives now', async () => {
    const household = 250;
    const there = { role: 'township-caseworker', region: OTHER_TOWNSHIP };
    await alerted(2, [household], { severity: RED });
    await alerted(1, [household], { severity: RED });
    const becomes = (shock: number, outcome: TriageOutcome) =>
      eventually(() => expect(service.answers.of(shock, household)).toBe(outcome));
    for (const shock of [1, 2]) {
      await service.say(anAlertBatch([household], { shock, cause: causes[shock] ?? '', revision: 2, withdrawn: true }));
      await becomes(shock, TriageOutcome.DROPPED);
    }
    // It has moved: listed for the one, a case for another.
    const moved = { severity: YELLOW, township: OTHER_TOWNSHIP };
    await service.say(anAlertBatch([household], { shock: 1, cause: 'crop-disaster', revision: 3, ...moved }));
    await becomes(1, TriageOutcome.LISTED);
    await alerted(3, [household], { severity: RED, township: OTHER_TOWNSHIP });
    expect(await answer(1, household, risk, officer)).toMatchObject({ status: 200, body: { caseOpened: false } });
    expect((await service.get(`/v1/cases/${caseId(3, household)}`, there)).body).toMatchObject({
      alerts: [{ place: 'opened' }, { place: 'attached', alertId: caseId(1, household) }],
    });
  });
});

describe('an open item of a household with an open case', () => {
  it('goes with the case, which asks for the visit by the earliest clock', async () => {
    const household = 300;
    await alerted(1, [household], { raisedAt: new Date('2026-07-16T09:00:00+08:00') });
    await alerted(2, [household], { severity: RED });
    expect(await worklistOf(household)).toMatchObject([
      {
        kind: 'case',
        id: caseId(2, household),
        state: 'clue',
        dueAt: '2026-07-19T23:59:59+08:00',
        causes: ['price-fall', 'crop-disaster'],
        asks: [{ kind: 'case' }, { kind: 'check-item', id: caseId(1, household) }],
      },
    ]);
    expect(await itemsOf(household)).toMatchObject([{ state: 'listed', joinedCase: caseId(2, household) }]);
    expect((await service.get(`/v1/cases/${caseId(2, household)}`)).body).toMatchObject({
      causes: ['price-fall', 'crop-disaster'],
      alerts: [{ place: 'opened' }, { place: 'joined', alertId: caseId(1, household), severity: ORANGE }],
    });
    expect(service.answers.of(1, household)).toBe(TriageOutcome.LISTED);
  });

  it('waits for the check of the case once that has begun', async () => {
    const household = 301;
    await alerted(1, [household], { raisedAt: new Date('2026-07-16T09:00:00+08:00') });
    await alerted(6, [household], { cause: 'price-fall', severity: RED });
    await service.post(`/v1/cases/${caseId(6, household)}/actions/start-verification`, {}, grid);
    expect(await worklistOf(household)).toMatchObject([{ kind: 'case', dueAt: '2026-08-04T23:59:59+08:00' }]);
    expect(await itemsOf(household)).toMatchObject([{ overdue: false, dueAt: '2026-07-19T23:59:59+08:00' }]);
  });

  it('is answered with the case that people dismiss, and remembered', async () => {
    const household = 302;
    await alerted(1, [household]);
    await alerted(2, [household], { severity: RED });
    await service.post(`/v1/cases/${caseId(2, household)}/actions/dismiss`, dismissal);
    expect(await worklistOf(household)).toEqual([]);
    expect(await itemsOf(household)).toMatchObject([{ state: 'no-risk', joinedCase: null }]);
    await alerted(5, [household], { cause: 'crop-disaster' });
    expect(await worklistOf(household)).toEqual([]);
  });

  it('stands by itself again when the case is recalled', async () => {
    const household = 303;
    await alerted(1, [household]);
    await alerted(2, [household], { severity: RED });
    await service.say(anAlertBatch([household], { shock: 2, cause: 'price-fall', revision: 2, withdrawn: true }));
    await service.say(anAlertBatch([304], { shock: 2, cause: 'price-fall' }));
    said += 1;
    await service.answered(said);
    expect(await worklistOf(household)).toMatchObject([{ kind: 'check-item', id: caseId(1, household) }]);
  });
});
