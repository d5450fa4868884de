import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { cellScope } from '@fangpin/persistence';
import { WatchSilence } from '../src/sources/watch-silence.js';
import { capXml } from './shock-app.js';
import { letPass, startSourceStack, type Instance, type SourceStack } from './source-app.js';

let stack: SourceStack;
beforeAll(async () => {
  stack = await startSourceStack();
});
const started: Instance[] = [];
afterEach(async () => {
  for (const instance of started.splice(0)) await instance.stop();
});
afterAll(() => stack.close());

async function start(declared: readonly object[]): Promise<Instance> {
  const instance = await stack.start(declared);
  started.push(instance);
  return instance;
}
const sweep = (instance: Instance) => instance.app.get(WatchSilence, { strict: false }).sweep();

describe('the silence of a source', () => {
  it('is told of an account that pushed, and clears with its next word', async () => {
    const instance = await start([]);
    const client = { role: 'department-client', department: 'emergency-management', subject: 'relay-1' };
    const push = () =>
      instance.call('POST', '/v1/shocks/cap', { body: capXml(), type: 'application/cap+xml', as: client });
    expect(await push()).toMatchObject({ status: 202 });
    const name = 'department-client/relay-1:cap';
    expect(await instance.source(name)).toMatchObject({
      mode: 'pushed',
      format: 'cap',
      state: 'ok',
      usualGapMinutes: null,
      circuit: null,
    });
    const gauge = async () => (await instance.call('GET', '/metrics')).text;
    await sweep(instance);
    expect(await gauge()).toMatch(/fangpin_source_silent\{source="department-client\/relay-1:cap"[^}]*\} 0/);
    await letPass(stack.database, name, '4 days');
    await sweep(instance);
    expect(await gauge()).toMatch(/fangpin_source_silent\{source="department-client\/relay-1:cap"[^}]*\} 1/);
    expect(await gauge()).toMatch(
      /fangpin_source_last_heard_seconds\{source="department-client\/relay-1:cap"[^}]*\} 3456/,
    );
    expect((await instance.source(name))?.['silentSince']).not.toBeNull();
    await push();
    await sweep(instance);
    expect(await instance.source(name)).toMatchObject({ state: 'ok', silentSince: null });
  });

  it('is judged by its habit, the longest gap of each day', async () => {
    const instance = await start([
      { name: 'daily', format: 'cap', account: 'operator/daily', enabled: true, silentAfterMinutes: 60 },
    ]);
    const push = () =>
      instance.call('POST', '/v1/shocks/cap', {
        body: capXml(),
        type: 'application/cap+xml',
        as: { subject: 'daily' },
      });
    for (let day = 0; day < 8; day += 1) {
      await push();
      await push();
      await sweep(instance);
      await letPass(stack.database, 'daily', '1 day');
      await stack.database.transaction(cellScope('spec'), (tx) =>
        tx.execute(
          `UPDATE source_gaps SET day = day - 1 WHERE source_id = (SELECT source_id FROM sources WHERE name = 'daily')`,
        ),
      );
    }
    expect(await instance.source('daily')).toMatchObject({
      usualGapMinutes: 1_440,
      silentAfterMinutes: 2_880,
      state: 'ok',
    });
    await letPass(stack.database, 'daily', '1 day 1 hour');
    expect(await instance.source('daily')).toMatchObject({ state: 'silent' });
  });

  it('counts anew for a source that is switched on again, and its habit outlives a new name', async () => {
    const relay = { format: 'cap', account: 'operator/renamed', enabled: true, silentAfterMinutes: 60 };
    const unnamed = await start([]);
    await unnamed.call('POST', '/v1/shocks/cap', {
      body: capXml(),
      type: 'application/cap+xml',
      as: { subject: 'renamed' },
    });
    const heardAt = (await unnamed.source('operator/renamed:cap'))?.['lastHeardAt'];
    const named = await start([{ ...relay, name: 'first-name' }]);
    expect(await named.source('first-name')).toMatchObject({ lastHeardAt: heardAt, state: 'ok' });
    await letPass(stack.database, 'first-name', '2 hours');
    expect(await named.source('first-name')).toMatchObject({ state: 'silent' });
    const off = await start([{ ...relay, name: 'second-name', enabled: false }]);
    expect(await off.source('first-name')).toBeUndefined();
    expect(await off.source('second-name')).toMatchObject({ state: 'off', silentSince: null });
    const on = await start([{ ...relay, name: 'second-name' }]);
    expect(await on.source('second-name')).toMatchObject({ state: 'ok', silentAfterMinutes: 60 });
  });

  it('is not broken by a refused post or by a replay', async () => {
    const instance = await start([]);
    const as = { role: 'operator', subject: 'rehearsal' };
    const type = 'application/cap+xml';
    expect((await instance.call('POST', '/v1/shocks/cap', { body: '<half', type, as })).status).toBe(400);
    const replay = `/v1/shocks/cap?asOf=${encodeURIComponent('2026-07-18T02:10:00+08:00')}`;
    expect((await instance.call('POST', replay, { body: capXml(), type, as })).status).toBe(202);
    expect(await instance.source('operator/rehearsal:cap')).toBeUndefined();
  });

  it('is read by operators, county officers and auditors, and ended by operators', async () => {
    const instance = await start([
      { name: 'guarded', format: 'cap', url: 'http://127.0.0.1:9/', everySeconds: 3_600, enabled: true },
    ]);
    const statusOf = async (method: 'GET' | 'POST', path: string, role: string) =>
      (await instance.call(method, `/v1/shocks/sources${path}`, { as: { role } })).status;
    for (const role of ['operator', 'county-officer', 'auditor']) expect(await statusOf('GET', '', role)).toBe(200);
    expect(await statusOf('GET', '', 'village-monitor')).toBe(403);
    expect(await statusOf('POST', '/guarded/poll', 'county-officer')).toBe(403);
    expect(await statusOf('POST', '/nobody/poll', 'operator')).toBe(404);
    await instance.call('POST', '/v1/shocks/cap', {
      body: capXml(),
      type: 'application/cap+xml',
      as: { subject: 'pusher' },
    });
    await instance.source('any');
    expect(
      (await instance.call('POST', `/v1/shocks/sources/${encodeURIComponent('operator/pusher:cap')}/poll`)).body,
    ).toMatchObject({ code: 'SOURCE.PUSHED' });
  });
});
