import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { Lane, ShockState, type Shock } from '@fangpin/contracts';
import { cellScope } from '@fangpin/persistence';
import { eventually } from '@fangpin/testing';
import type { Difference } from '../src/simulations/difference.js';
import type { Figures } from '../src/simulations/figures.js';
import { settleIn } from './support/random-county.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { damaged, hail, YIJIU, YONGDING } from './support/world.js';

interface ToldShock {
  had: Figures;
  changed: Figures;
  differs: Difference;
  done: { exposed: number; alerted: number };
}

describe('values tried on the shocks of the last months', () => {
  let world: World;
  const spec = (regions = ['532327']) => ({ id: randomUUID(), policyVersion: world.policyVersion, regions });
  const settle = async (shock: Shock) => {
    await world.shock(shock);
    return world.settled(shock.shockId, 'done');
  };
  beforeAll(async () => {
    world = await startWorld();
    await settleIn(world);
  });
  afterAll(() => world.stop());

  const post = async (payload: unknown, region = '532327', role = 'county-officer') =>
    world.app.inject({
      method: 'POST',
      url: '/v1/simulations/backtests',
      headers: { authorization: `Bearer ${await world.token(role, region)}`, 'content-type': 'application/json' },
      payload: JSON.stringify(payload),
    });
  const lines = async (body: unknown, region?: string, role?: string) => {
    const answer = await post(body, region, role);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toContain('application/x-ndjson');
    return answer.body
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, never> & { type: string });
  };

  it('compares the policy that each had with the changed one, and with what was done', async () => {
    const event = hail(spec());
    const ledger = await settle(event);
    const policy = [{ key: 'triage', value: { alertFrom: 3, caseFrom: 3 } }];
    const [head, ...rest] = await lines({ months: 60, policy });
    expect(head).toMatchObject({ type: 'backtest', region: '532327', months: 60 });
    const total = rest.pop();
    expect(total).toMatchObject({
      type: 'total',
      complete: true,
      stoppedBy: null,
      shocksLeft: 0,
      shocks: rest.length,
    });
    const own = rest.find((line) => line['shockId'] === event.shockId);
    expect(own).toMatchObject({
      type: 'shock',
      lane: 'alert',
      had: { exposed: ledger.exposed, alerted: ledger.alerted },
      changed: { exposed: ledger.exposed, alerted: ledger.red + ledger.orange },
      differs: { noLongerAlerted: ledger.yellow + ledger.blue, newCases: ledger.orange },
      done: { alerted: ledger.alerted, listed: ledger.listed, casesOpened: 0 },
      causes: [{ cause: 'crop-disaster', state: 'done', policyVersion: world.policyVersion }],
    });
    const sum = (of: (line: Record<string, never>) => number) => rest.reduce((n, line) => n + of(line), 0);
    expect((total?.['had'] as unknown as Figures).alerted).toBe(
      sum((line) => (line['had'] as unknown as Figures).alerted),
    );
  });

  it('count what was done on connections of their own', async () => {
    const event = hail(spec());
    await settle(event);
    const admin = await world.db.open({ url: world.db.adminUrl });
    let letGo: () => void = () => undefined;
    const held = admin.transaction(cellScope('spec'), async (tx) => {
      await tx.execute('LOCK TABLE triage_answers IN ACCESS EXCLUSIVE MODE');
      await new Promise<void>((resolve) => (letGo = resolve));
    });
    const counting = async (): Promise<string[]> => {
      const rows = await admin.transaction(cellScope('spec'), (tx) =>
        tx.query<{ application_name: string }>(
          `SELECT application_name FROM pg_stat_activity WHERE datname = current_database() AND state = 'active'
             AND wait_event_type = 'Lock' AND query LIKE '%FROM alerts a%'`,
        ),
      );
      return rows.map(({ application_name }) => application_name);
    };
    const asked = lines({ months: 60 });
    try {
      await eventually(async () => expect(await counting()).toEqual(['risk-alerts-simulation']));
    } finally {
      letGo();
      await held;
      await asked;
      await admin.close();
    }
  });

  it('tells a shock of several causes once, in households, and what changes under each cause', async () => {
    const event = damaged(spec([String(YONGDING)]), 4_000, 1_500);
    for (const area of event.damage) area.housesDamaged = 30;
    await world.shock(event);
    const ledger = await eventually(async () => {
      const told = await world.app.inject({
        method: 'GET',
        url: `/v1/shocks/${event.shockId}/fan-out`,
        headers: { authorization: `Bearer ${await world.token()}` },
      });
      const { state, ...figures } = told.json() as { state: string; exposed: number; alerted: number; listed: number };
      expect(state).toBe('done');
      return figures;
    });
    const policy = [{ key: 'triage', value: { alertFrom: 3, caseFrom: 3 } }];
    const rest = await lines({ months: 60, policy });
    const own = rest.filter((line) => line['shockId'] === event.shockId);
    expect(own).toHaveLength(1);
    const { causes, ...shock } = own[0] as unknown as ToldShock & { causes: (ToldShock & { cause: string })[] };
    expect(causes.map(({ cause }) => cause).sort()).toEqual(['crop-disaster', 'dwelling']);
    const { exposed, alerted } = ledger;
    expect(shock).toMatchObject({ had: { exposed, alerted }, done: { exposed, alerted, listed: ledger.listed } });
    for (const { had, done } of causes) {
      expect(had.exposed).toBeGreaterThan(0);
      expect(had.exposed).toBe(done.exposed);
    }
    // Some households have both: they count under each cause, and once for the shock.
    const sum = (of: (one: ToldShock) => number) => causes.reduce((n, one) => n + of(one), 0);
    expect(sum(({ had }) => had.exposed)).toBeGreaterThan(exposed);
    expect(sum(({ had }) => had.lossFen.middle)).toBe(shock.had.lossFen.middle);
    expect(sum(({ differs }) => differs.noLongerAlerted)).toBeGreaterThanOrEqual(shock.differs.noLongerAlerted);
  });

  it('say also that nobody would have been alerted, where a tried lane is another one', async () => {
    const event = hail(spec());
    const ledger = await settle(event);
    const forecast = { unknown: 'recorded', blue: 'recorded', yellow: 'recorded', orange: 'notice', red: 'notice' };
    const policy = [{ key: 'lane', subject: 'hail', value: { observed: 'recorded', forecast } }];
    const own = (await lines({ months: 60, policy })).find((line) => line['shockId'] === event.shockId);
    expect(own).toMatchObject({
      lane: 'recorded',
      had: { alerted: ledger.alerted },
      changed: { exposed: ledger.exposed, alerted: 0, withheldBy: { lane: ledger.exposed } },
      differs: { noLongerAlerted: ledger.alerted },
      causes: [{ changed: { alerted: 0 } }],
    });
  });

  it('tell of shocks that were only recorded, where the tried lane would have alerted', async () => {
    const event = hail({ ...spec(), lane: Lane.RECORDED, kind: 'drought', level: 1 });
    event.observed = false;
    await world.shock(event);
    const forecast = { unknown: 'alert', blue: 'alert', yellow: 'alert', orange: 'alert', red: 'alert' };
    const recorded = { unknown: 'recorded', blue: 'recorded', yellow: 'recorded', orange: 'recorded', red: 'recorded' };
    const policy = [{ key: 'lane', subject: 'drought', value: { observed: 'alert', forecast } }];
    const own = await eventually(async () => {
      const found = (await lines({ months: 60, policy })).find((line) => line['shockId'] === event.shockId);
      expect(found).toBeDefined();
      return found as unknown as ToldShock & { lane: string; laneHad: string; causes: { state: string }[] };
    });
    expect(own).toMatchObject({ lane: 'alert', laneHad: 'recorded', had: { alerted: 0 }, done: { alerted: 0 } });
    expect(own.changed.alerted).toBeGreaterThan(0);
    expect(own.differs.newlyAlerted).toBe(own.changed.alerted);
    expect(own.causes.map(({ state }) => state)).toEqual(['not-alerted']);
    // Where its lane stays what it was, it has no place here.
    for (const values of [
      [{ key: 'triage', value: { alertFrom: 3, caseFrom: 3 } }],
      [{ key: 'lane', subject: 'drought', value: { observed: 'recorded', forecast: recorded } }],
    ])
      expect((await lines({ months: 60, policy: values })).some((line) => line['shockId'] === event.shockId)).toBe(
        false,
      );
  });

  it('takes the last revision of each shock, within the area of who asks, and none judged before', async () => {
    const event = hail(spec());
    await settle(event);
    await world.shock(hail({ ...spec([String(YONGDING)]), id: event.shockId, version: 2 }));
    await eventually(async () => {
      const [, ...rest] = await lines({ months: 60 }, String(YIJIU), 'township-caseworker');
      const own = rest.filter((line) => line['shockId'] === event.shockId);
      expect(own).toHaveLength(1);
      expect(own[0]).toMatchObject({ had: { exposed: 0 }, differs: { households: 0 } });
    });
    await world.shock(hail({ ...spec(), id: event.shockId, version: 3, state: ShockState.CANCELLED }));
    await world.settled(event.shockId, 'recalled');
  });

  it('leave out what was called off, and say how many those were', async () => {
    const event = hail(spec());
    await settle(event);
    const [before, ...rest] = await lines({ months: 60 });
    expect(rest.some((line) => line['shockId'] === event.shockId)).toBe(true);
    await world.shock(hail({ ...spec(), id: event.shockId, version: 2, state: ShockState.CANCELLED }));
    await world.settled(event.shockId, 'recalled');
    const [head, ...after] = await lines({ months: 60 });
    const { recalled, shocks } = before as unknown as { recalled: number; shocks: number };
    expect(head).toMatchObject({ recalled: recalled + 1, shocks: shocks - 1 });
    expect(head?.['assumptions']).toContain(`另有${recalled + 1}次冲击预警后撤销，不在其中`);
    expect(after.some((line) => line['shockId'] === event.shockId)).toBe(false);
    expect(after.at(-1)).toMatchObject({ type: 'total', shocks: shocks - 1 });
  });

  it('count no open shock whose alerts were taken back, where values are tried on what is open', async () => {
    const event = hail(spec());
    await settle(event);
    await world.shock(hail({ ...spec(), id: event.shockId, version: 2, lane: Lane.RECORDED }));
    await world.settled(event.shockId, 'recalled');
    const answer = await world.app.inject({
      method: 'POST',
      url: '/v1/simulations',
      headers: { authorization: `Bearer ${await world.token()}`, 'content-type': 'application/json' },
      payload: JSON.stringify({ policy: [{ key: 'triage', value: { alertFrom: 3, caseFrom: 3 } }] }),
    });
    const { shocks } = answer.json() as { shocks: { shockId: string }[] };
    expect(shocks.some(({ shockId }) => shockId === event.shockId)).toBe(false);
  });

  it('are refused before the first line, with the name of what is wrong', async () => {
    const answer = await post({ months: 500, policy: [{ key: 'triag', value: {} }] });
    expect(answer.statusCode).toBe(400);
    expect((answer.json() as { errors: { field: string }[] }).errors.map(({ field }) => field)).toEqual(['months']);
    const policy = await post({ months: 5, policy: [{ key: 'triag', value: {} }] });
    expect((policy.json() as { errors: { field: string }[] }).errors.map(({ field }) => field)).toEqual([
      'policy[0].key',
    ]);
  });
});
