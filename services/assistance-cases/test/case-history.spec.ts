import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@fangpin/testing';
import { anAlertBatch, caseId, RED, shockIdOf, TOWNSHIP, type AlertsGiven } from './harness.js';
import { runningService, type RunningService } from './service.js';

const YELLOW = 2;
const QUAKE = { shock: 1, shockKind: 'earthquake', cause: 'dwelling', severity: RED } as const;
const HAIL = { shock: 2, shockKind: 'hail', cause: 'crop-disaster', severity: RED } as const;
const PRICES = { shock: 3, shockKind: 'price-fall', cause: 'price-fall', severity: YELLOW } as const;
const caseworker = { role: 'township-caseworker', region: TOWNSHIP } as const;

let service: RunningService;
beforeAll(async () => {
  service = await runningService();
});
afterAll(() => service.close());

/** Waits for its answer. */
const says = async (household: number, given: AlertsGiven): Promise<void> => {
  const before = service.answers.messages;
  await service.say(anAlertBatch([household], given));
  await eventually(() => expect(service.answers.messages).toBeGreaterThan(before), { timeoutMs: 40_000 });
};
const withdraws = (household: number, given: AlertsGiven): Promise<void> =>
  says(household, { ...given, withdrawn: true });
const historyOf = async (household: number): Promise<readonly Record<string, unknown>[]> =>
  (await service.get(`/v1/cases/${caseId(1, household)}/history`)).body.items;

describe('the history of a case whose quake was cancelled', () => {
  const household = 1;

  it('tells what was attached, what joined and what was withdrawn, each with its shock, in Chinese', async () => {
    await says(household, QUAKE);
    const begun = await service.post(`/v1/cases/${caseId(1, household)}/actions/start-verification`, {}, caseworker);
    expect(begun.status).toBe(200);
    await says(household, HAIL);
    await says(household, PRICES);
    await withdraws(household, { ...QUAKE, revision: 2 });
    const items = await historyOf(household);
    expect(items.map(({ action, label, alertId, shockId, cause }) => [action, label, alertId, shockId, cause])).toEqual(
      [
        ['opened', '地震预警生成线索', caseId(1, household), shockIdOf(1), 'dwelling'],
        ['start-verification', '开始入户核实', null, null, null],
        ['alert-attached', '冰雹预警并入本线索', caseId(2, household), shockIdOf(2), 'crop-disaster'],
        ['alert-joined', '价格下跌预警列入排查，随本线索一并核查', caseId(3, household), shockIdOf(3), 'price-fall'],
        ['alert-withdrawn', '地震预警撤回', caseId(1, household), shockIdOf(1), 'dwelling'],
        ['flagged', '预警已撤回，请复核', null, null, null],
      ],
    );
    expect(items[4]).toMatchObject({ severity: RED, revision: null, from: null, to: null, actor: null });
  });

  it('and the case is about what stands, in every list', async () => {
    const about = { shockId: shockIdOf(2), findingId: null, cause: 'crop-disaster' };
    const { body } = await service.get(`/v1/cases/${caseId(1, household)}`);
    expect(body).toMatchObject({ ...about, causes: ['crop-disaster', 'price-fall'] });
    const listed = (await service.get('/v1/cases')).body.items;
    expect(listed).toMatchObject([{ id: caseId(1, household), ...about }]);
    const [entry] = (await service.get('/v1/worklist', caseworker)).body.items;
    const ask = { kind: 'case', shockId: shockIdOf(2), causes: ['crop-disaster'] };
    expect(entry).toMatchObject({ causes: ['crop-disaster', 'price-fall'], asks: [ask, { kind: 'check-item' }] });
  });

  it('then about what joined it where nothing else stands, and about the quake once that stands again', async () => {
    await withdraws(household, { ...HAIL, revision: 2 });
    const { body } = await service.get(`/v1/cases/${caseId(1, household)}`);
    expect(body).toMatchObject({ shockId: shockIdOf(3), cause: 'price-fall' });
    const [entry] = (await service.get('/v1/worklist', caseworker)).body.items;
    expect(entry).toMatchObject({ asks: [{ shockId: shockIdOf(3), causes: ['price-fall'] }, { kind: 'check-item' }] });
    await says(household, { ...QUAKE, revision: 3 });
    await withdraws(household, { ...PRICES, revision: 2 });
    const raised = await service.get(`/v1/cases/${caseId(1, household)}`);
    expect(raised.body).toMatchObject({ shockId: shockIdOf(1), cause: 'dwelling', causes: ['dwelling'] });
    expect((await historyOf(household)).slice(6).map(({ label }) => label)).toEqual([
      '冰雹预警撤回',
      '地震预警恢复',
      '价格下跌预警撤回',
    ]);
  });
});
