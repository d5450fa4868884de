import { randomUUID } from 'node:crypto';
import { Lane, ShockState, topics } from '@fangpin/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { hail, type ShockSpec } from './support/world.js';

describe('a shock that alerts nobody', () => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.stop());

  const asked = async (method: 'GET' | 'POST', id: string, path: string): Promise<[number, unknown]> => {
    const headers = { authorization: `Bearer ${await world.token()}` };
    const answer = await world.app.inject({ method, url: `/v1/shocks/${id}/${path}`, headers });
    return [answer.statusCode, answer.json()];
  };
  const heard = async (change: Partial<ShockSpec>): Promise<string> => {
    const id = randomUUID();
    await world.shock(hail({ id, policyVersion: world.policyVersion, ...change }));
    await world.heard(topics.shock);
    return id;
  };

  it.each([
    [
      'no loss is estimated of its kind',
      { kind: 'forest-fire' },
      'FAN_OUT.NO_LOSS_MODEL',
      '没有“森林火险”的损失估算办法',
    ],
    ['it is a notice', { lane: Lane.NOTICE }, 'FAN_OUT.NOTICE', '只作提示'],
    ['it is only recorded', { lane: Lane.RECORDED }, 'FAN_OUT.RECORDED', '只作记录'],
    ['it was called off', { kind: 'forest-fire', state: ShockState.CANCELLED }, 'FAN_OUT.CALLED_OFF', '已经撤销'],
  ])('says why it has no ledger: %s', async (_, change, code, words) => {
    const id = await heard(change);
    const problem = {
      code: 'FAN_OUT.ALERTS_NOBODY',
      reasons: [{ code, text: expect.stringContaining(words) }],
    };
    for (const path of ['fan-out', 'fan-out/events'])
      expect(await asked('GET', id, path)).toEqual([404, expect.objectContaining(problem)]);
    expect(await asked('POST', id, 'confirm')).toEqual([404, expect.objectContaining(problem)]);
  });

  it('has one as soon as a later report has figures of it, or it is heard of at all', async () => {
    const id = randomUUID();
    expect(await asked('GET', id, 'fan-out')).toEqual([404, expect.objectContaining({ code: 'FAN_OUT.NOT_FOUND' })]);
    const spec = { id, policyVersion: world.policyVersion };
    await world.shock(hail({ ...spec, kind: 'forest-fire' }));
    await world.heard(topics.shock);
    expect((await asked('GET', id, 'fan-out'))[0]).toBe(404);
    await world.shock(hail({ ...spec, version: 2 }));
    await world.settled(id, 'done');
    expect(await asked('GET', id, 'fan-out')).toEqual([200, expect.objectContaining({ exposed: 0, state: 'done' })]);
  });
});
