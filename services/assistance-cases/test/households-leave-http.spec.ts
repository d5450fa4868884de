import { create } from '@bufbuild/protobuf';
import { HouseholdProfileSchema, HouseholdState, topics } from '@fangpin/contracts';
import { packRevision } from '@fangpin/domain-kit';
import { createKafkaBus, encodeEvent, type Bus } from '@fangpin/messaging';
import { eventually } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { anAlertBatch, caseId, dutyOf, RED, TOWNSHIP } from './harness.js';
import { runningService, type RunningService } from './service.js';

const YELLOW = 2;
/** Of whom nobody has begun to look at anything, and of whom somebody has. */
const [UNTOUCHED, VISITED] = [1, 2];

let service: RunningService;
let bus: Bus;
beforeAll(async () => {
  service = await runningService();
  bus = createKafkaBus({
    brokers: service.env.kafkaBrokers,
    clientId: 'register-spec',
    prefix: service.env.topicPrefix ?? '',
  });
  await service.say(
    anAlertBatch([UNTOUCHED, VISITED], { severity: RED }),
    anAlertBatch([UNTOUCHED, VISITED], { shock: 2, severity: YELLOW, cause: 'price-fall' }),
  );
  await service.answered(4);
  await service.post(`/v1/cases/${caseId(1, VISITED)}/actions/start-verification`, {});
});
afterAll(async () => {
  await bus?.close();
  await service?.close();
});

/** As household-registry publishes it. */
async function register(version: number, state: HouseholdState): Promise<void> {
  const producer = await bus.producer();
  const profiles = [UNTOUCHED, VISITED].map((household) =>
    create(HouseholdProfileSchema, {
      householdId: BigInt(household),
      revision: BigInt(packRevision({ epoch: 1, version })),
      dutyCode: BigInt(dutyOf(TOWNSHIP, household)),
      state,
      persons: 4,
    }),
  );
  await producer.send(
    topics.household,
    profiles.map((profile) => encodeEvent(topics.household, profile, { key: String(profile.householdId) })),
  );
  await producer.close();
}

const worklist = async () => (await service.get(`/v1/worklist?region=${TOWNSHIP}`)).body.items;
const path = `/v1/cases/${caseId(1, VISITED)}`;

describe('households that the register knows as moved away', () => {
  it('leave the worklist where nobody has begun, and are marked where somebody has', async () => {
    expect(await worklist()).toMatchObject([
      { householdId: UNTOUCHED, overdue: true, householdLeft: null },
      { householdId: VISITED, householdLeft: null },
    ]);
    await register(2, HouseholdState.MOVED_OUT);
    await eventually(async () => expect(await worklist()).toHaveLength(1));
    expect(await worklist()).toMatchObject([
      { householdId: VISITED, overdue: false, householdLeft: 'moved-out', asks: [{ kind: 'case', overdue: false }] },
    ]);
    expect((await service.get(`/v1/cases/${caseId(1, UNTOUCHED)}`)).body).toMatchObject({
      ...{ state: 'moved-out', stateLabel: '迁出', householdLeft: null, overdue: false },
    });
    const { items } = (await service.get(`/v1/cases/${caseId(1, UNTOUCHED)}/history`)).body;
    expect(items.at(-1)).toMatchObject({
      ...{
        action: 'household-left',
        label: '农户台账登记该户迁出或自然减少',
        from: 'clue',
        to: 'moved-out',
        actor: null,
      },
      reason: '农户台账已登记该户迁出，线索尚未核实，由系统办结',
    });
    expect((await service.get(`/v1/check-items?householdId=${UNTOUCHED}&region=${TOWNSHIP}`)).body.items).toMatchObject(
      [{ state: 'moved-out', stateLabel: '已迁出' }],
    );
    expect((await service.get(`/v1/cases?due=overdue&region=${TOWNSHIP}`)).body.items).toEqual([]);
  });

  it('refuse a result for what has ended, with the reason', async () => {
    const [item] = (await service.get(`/v1/check-items?householdId=${UNTOUCHED}&region=${TOWNSHIP}`)).body.items;
    const answer = await service.post(`/v1/check-items/${String(item?.['id'])}/result`, {});
    expect(answer).toMatchObject({
      status: 409,
      body: { reasons: [{ text: '该户状态为“已迁出”，不再登记排查结果' }] },
    });
  });

  it('have their case ended by a step that asks no day of telling', async () => {
    const { body } = await service.get(path);
    expect(body).toMatchObject({ state: 'verifying', householdLeft: 'moved-out' });
    expect(body.allowedActions).toContainEqual({ action: 'move-out', label: '登记迁出', requires: ['reason'] });
    expect(await service.post(`${path}/actions/dissolve-household`, { reason: '整户销户' })).toMatchObject({
      ...{ status: 409 },
      body: { reasons: [{ code: 'CASE.REGISTER' }] },
    });
    expect(await service.post(`${path}/actions/move-out`, {})).toMatchObject({
      ...{ status: 400, body: { errors: [{ field: 'reason' }] } },
    });
    expect(await service.post(`${path}/actions/move-out`, { reason: '全家迁往外县，村委会已确认' })).toMatchObject({
      ...{ status: 200, body: { state: 'moved-out', householdLeft: null } },
    });
    expect(await worklist()).toEqual([]);
  });

  it('are asked again when they are back', async () => {
    await register(3, HouseholdState.ACTIVE);
    await eventually(async () => expect(await worklist()).toHaveLength(2));
    for (const entry of await worklist())
      expect(entry).toMatchObject({
        state: 'clue',
        overdue: false,
        householdLeft: null,
        asks: [{}, { state: 'listed' }],
      });
    const { items } = (await service.get(`${path}/history`)).body;
    expect(items.at(-1)).toMatchObject({ action: 'household-back', from: 'moved-out', to: 'clue' });
  });
});
