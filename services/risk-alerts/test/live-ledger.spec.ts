import { randomUUID } from 'node:crypto';
import { ShockState } from '@fangpin/contracts';
import { eventually } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Listeners } from '../src/ledger/live/listeners.js';
import type { FanOutResponse } from '../src/ledger/fan-out.response.js';
import { LEDGER_SETTINGS, type LedgerSettings } from '../src/ledger/settings.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { assessment, hail, profile, YIJIU, YONGDING, type HouseholdSpec } from './support/world.js';

const county: HouseholdSpec[] = Array.from({ length: 200 }, (_, i) => ({
  id: i + 1,
  township: i % 2 === 0 ? YONGDING : YIJIU,
  maize: 300,
  perCapitaYuan: 8_000,
}));

type Told = FanOutResponse & { event: string; id: string; townshipsAre: string };

function eventsOf(text: string): Told[] {
  return text
    .split('\n\n')
    .map((block) => new Map(block.split('\n').map((line) => [line.split(': ', 1)[0], line.replace(/^\w+: /, '')])))
    .filter((fields) => fields.has('data'))
    .map((fields) => ({
      ...(JSON.parse(fields.get('data') as string) as Told),
      event: fields.get('event') as string,
      id: fields.get('id') as string,
    }));
}

describe('the ledger of a shock, live', () => {
  let world: World;
  let address: string;

  beforeAll(async () => {
    world = await startWorld();
    await world.households(county.map(profile), county.map(assessment));
    await world.app.listen(0, '127.0.0.1');
    address = await world.app.getUrl();
  });
  afterAll(() => world.stop());

  const watch = async (
    shockId: string,
    { region = '532327', headers = {}, signal }: { region?: string; headers?: object; signal?: AbortSignal } = {},
  ) =>
    fetch(`${address}/v1/shocks/${shockId}/fan-out/events`, {
      headers: { authorization: `Bearer ${await world.token('county-officer', region)}`, ...headers },
      ...(signal ? { signal } : {}),
    });

  it('is told from the beginning to the end, and ends', async () => {
    const id = randomUUID();
    await world.shock(hail({ id, policyVersion: world.policyVersion }));
    const response = await eventually(async () => {
      const asked = await watch(id);
      if (asked.status !== 200) throw new Error(`answered ${asked.status}`);
      return asked;
    });
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    const events = eventsOf(await response.text());
    const last = events.at(-1) as Told;
    expect(last).toMatchObject({ event: 'settled', state: 'done', exposed: county.length, townshipsAre: 'all' });
    expect(last.townships.map((township) => township.region)).toEqual([String(YONGDING), String(YIJIU)]);
    expect(events[0]?.townshipsAre).toBe('all');
    expect(events.slice(0, -1).every(({ event }) => event === 'ledger')).toBe(true);
  });

  it('shows a caller only the own area', async () => {
    const id = randomUUID();
    await world.shock(hail({ id, policyVersion: world.policyVersion }));
    await world.settled(id, 'done');
    const [only] = eventsOf(await (await watch(id, { region: String(YIJIU) })).text());
    expect(only?.exposed).toBe(county.length / 2);
    expect(only?.townships.map((township) => township.region)).toEqual([String(YIJIU)]);
  });

  it('is not begun again by a client that has seen it settle', async () => {
    const id = randomUUID();
    await world.shock(hail({ id, policyVersion: world.policyVersion }));
    await world.settled(id, 'done');
    const [only] = eventsOf(await (await watch(id)).text());
    expect((await watch(id, { headers: { 'last-event-id': only?.id } })).status).toBe(204);
    await world.shock(hail({ id, policyVersion: world.policyVersion, version: 2, state: ShockState.CANCELLED }));
    await world.settled(id, 'recalled');
    expect(eventsOf(await (await watch(id, { headers: { 'last-event-id': only?.id } })).text())).toMatchObject([
      { state: 'recalled' },
    ]);
  });

  it('is told again to a client that has seen it settle before a household was looked at again', async () => {
    const id = randomUUID();
    await world.shock(hail({ id, policyVersion: world.policyVersion }));
    await world.settled(id, 'done');
    const [before] = eventsOf(await (await watch(id)).text());
    const arrived: HouseholdSpec = { id: 9_001, township: YIJIU, maize: 300, perCapitaYuan: 7_000 };
    await world.households([profile(arrived)], [assessment(arrived)]);
    await eventually(async () => {
      const told = eventsOf(await (await watch(id)).text()).at(-1);
      expect([told?.state, told?.exposed]).toEqual(['done', county.length + 1]);
    });
    const again = await watch(id, { headers: { 'last-event-id': before?.id } });
    expect(again.status).toBe(200);
    const [after] = eventsOf(await again.text());
    expect(after).toMatchObject({ event: 'settled', state: 'done', exposed: county.length + 1 });
    expect((await watch(id, { headers: { 'last-event-id': after?.id } })).status).toBe(204);
  });

  it('is refused for a shock that opened no fan-out, and over the limit of an account', async () => {
    const nothing = await watch(randomUUID());
    expect([nothing.status, ((await nothing.json()) as { code: string }).code]).toEqual([404, 'FAN_OUT.NOT_FOUND']);
    const listeners = world.app.get(Listeners);
    const { listenersPerAccount } = world.app.get<LedgerSettings>(LEDGER_SETTINGS);
    await eventually(() => expect(listeners.count).toBe(0));
    const places = Array.from({ length: listenersPerAccount }, () => listeners.enter('an-account'));
    expect(() => listeners.enter('an-account')).toThrow('live ledgers open already');
    listeners.enter('another').leave();
    for (const place of places) place.leave();
    expect(listeners.count).toBe(0);
  });

  it('is let go when the listener goes away', async () => {
    const id = randomUUID();
    // It waits for an officer's word, so that it would never end by itself.
    await world.shock(hail({ id, policyVersion: world.policyVersion }));
    await world.settled(id, 'done');
    const admin = await world.db.open({ url: world.db.adminUrl });
    await admin.dataSource.query(
      `UPDATE fan_outs SET state = 'awaiting-confirmation' WHERE origin IN (SELECT origin FROM origins WHERE shock_id = $1)`,
      [id],
    );
    await admin.close();
    const leaving = new AbortController();
    const response = await watch(id, { signal: leaving.signal });
    await (response.body as ReadableStream<Uint8Array>).getReader().read();
    expect(world.app.get(Listeners).count).toBe(1);
    leaving.abort();
    await eventually(() => expect(world.app.get(Listeners).count).toBe(0));
  });
});
