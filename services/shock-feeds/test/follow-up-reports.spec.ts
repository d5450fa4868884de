import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ShockState } from '@fangpin/contracts';
import { capXml, startShockApp, type ShockApp } from './shock-app.js';

let service: ShockApp;
beforeAll(async () => {
  service = await startShockApp();
});
afterAll(() => service.close());

const HOUR_MS = 3_600_000;
const ago = (hours: number): string => new Date(Date.now() - hours * HOUR_MS).toISOString();
const damage = (cropHitMu: number, housesDamaged = 0) => [{ region: '532327101', cropHitMu, housesDamaged }];
// A report's identity is its content.
let told = 0;
const report = (over: object = {}): object => ({
  kind: 'flood',
  level: 'red',
  observed: true,
  regions: ['532327101'],
  onset: ago(1),
  headline: `灾情第${(told += 1)}报`,
  source: '永仁县应急管理局',
  damage: damage(200),
  ...over,
});
const post = (body: unknown, call: object = {}) => service.call('POST', '/v1/shocks', { body, ...call });
const show = async (shockId: unknown) => (await service.call('GET', `/v1/shocks/${String(shockId)}`)).body;

describe('a later report of one event', () => {
  it('is a revision of the same shock, once', async () => {
    const onset = ago(90 * 24);
    const first = await post(report({ onset }));
    expect(first.body).toMatchObject({ outcome: 'accepted', problems: [] });
    const { shockId } = first.body;
    const next = report({ onset, shockId, damage: damage(500, 12) });
    expect(await post(next)).toMatchObject({
      status: 202,
      body: { shockId, outcome: 'updated', lane: 'alert', problems: [] },
    });
    expect((await post(next)).body).toMatchObject({ shockId, outcome: 'duplicate' });
    const events = await service.eventsOf(String(shockId));
    expect(events.map(({ damage: [area] }) => area?.cropHitCentimu)).toEqual([20_000n, 50_000n]);
    expect(events.map(({ state }) => state)).toEqual([ShockState.OPEN, ShockState.OPEN]);
    const shown = await show(shockId);
    expect((shown['revisions'] as { cause: string }[]).map(({ cause }) => cause)).toEqual(['accepted', 'updated']);
  });

  it('with figures that fall or jump asks for an explanation and keeps it', async () => {
    const onset = ago(91 * 24);
    const { shockId } = (await post(report({ onset }))).body;
    for (const hit of [150, 2_000]) {
      const body = report({ onset, shockId, damage: damage(hit) });
      const refused = await post(body);
      expect(refused).toMatchObject({ status: 400, body: { errors: [{ field: 'explanation' }] } });
      expect(await service.eventsOf(String(shockId))).toHaveLength(1);
    }
    const explained = await post(report({ onset, shockId, damage: damage(150), explanation: '核报：重复上报已剔除' }));
    expect(explained.body).toMatchObject({ outcome: 'updated', problems: [{ code: 'REPORT.JUMP_EXPLAINED' }] });
  });

  it('puts the figures of one that is over right, and leaves it over', async () => {
    const onset = ago(93 * 24);
    const { shockId } = (await post(report({ onset, damage: damage(200, 9) }))).body;
    await service.call('POST', `/v1/shocks/${String(shockId)}/end`, { body: { reason: '灾情稳定' } });
    const { endedBy, endedAt } = await show(shockId);
    const final = report({ onset, shockId, damage: damage(260, 7), explanation: '核报：两户重复' });
    expect(await post(final)).toMatchObject({
      status: 202,
      body: {
        shockId,
        outcome: 'updated',
        problems: [{ code: 'REPORT.JUMP_EXPLAINED' }, { code: 'REPORT.FINAL_COUNT' }],
      },
    });
    expect((await post(final)).body).toMatchObject({ shockId, outcome: 'duplicate' });
    const shown = await show(shockId);
    expect(shown).toMatchObject({ state: 'ended', endedBy, endedAt, damage: [{ cropHitMu: 260, housesDamaged: 7 }] });
    expect((shown['revisions'] as { cause: string }[]).map(({ cause }) => cause)).toEqual([
      'accepted',
      'ended',
      'updated',
    ]);
    const last = (await service.eventsOf(String(shockId))).at(-1);
    expect(last).toMatchObject({ state: ShockState.ENDED, damage: [{ cropHitCentimu: 26_000n, housesDamaged: 7 }] });
  });

  it('does not go on with a shock that is called off, of another kind or unknown', async () => {
    const onset = ago(92 * 24);
    const { shockId } = (await post(report({ onset }))).body;
    const field = async (over: object) => {
      const { status, body } = await post(report({ onset, shockId, ...over }));
      return [status, ((body['errors'] ?? []) as { field: string }[])[0]?.field];
    };
    expect(await field({ kind: 'hail' })).toEqual([400, 'kind']);
    expect(await field({ shockId: '00000000-0000-8000-8000-000000000000' })).toEqual([400, 'shockId']);
    await service.call('POST', `/v1/shocks/${String(shockId)}/cancel`, { body: { reason: '误报' } });
    expect(await field({})).toEqual([400, 'shockId']);
    expect(await service.eventsOf(String(shockId))).toHaveLength(2);
  });
});

describe('going on with the shock of another county', () => {
  const elsewhere = { as: { role: 'county-officer', region: '110101' } };
  const here = { as: { role: 'county-officer', region: '532327' } };
  const county = (over: object = {}): object =>
    report({ onset: ago(95 * 24), regions: ['532327'], damage: [], headline: '永仁县冰雹', kind: 'hail', ...over });

  it('is refused like calling it off, and takes nothing of it away', async () => {
    const { shockId } = (await post(county(), here)).body;
    const before = await show(shockId);
    const emptied = { shockId, explanation: '核报', level: 'blue', regions: ['11'] };
    for (const over of [emptied, { shockId, level: 'blue' }])
      expect(await post(county(over), elsewhere)).toMatchObject({ status: 403, body: { code: 'SCOPE.OUTSIDE' } });
    const away = { as: { role: 'department-client', department: 'emergency-management', region: '532326' } };
    expect(await post(county(emptied), away)).toMatchObject({ status: 403, body: { code: 'SCOPE.OUTSIDE' } });
    expect(await show(shockId)).toEqual(before);
    const listed = await service.call('GET', '/v1/shocks?region=532327', here);
    expect((listed.body['items'] as { id: string }[]).map(({ id }) => id)).toContain(shockId);
    expect(await service.eventsOf(String(shockId))).toHaveLength(1);
  });

  it('is the word of whose area holds all of it, who may tell of places beyond', async () => {
    const { shockId } = (await post(county(), elsewhere)).body;
    expect((await post(county({ shockId, regions: ['532327', '532326'] }), here)).body).toMatchObject({
      outcome: 'updated',
    });
    expect(await post(county({ shockId }), here)).toMatchObject({ status: 403 });
    const prefecture = { as: { role: 'county-officer', region: '5323' } };
    expect((await post(county({ shockId }), prefecture)).body).toMatchObject({ outcome: 'updated' });
  });
});

describe('what a forecast has become', () => {
  it('is found by kind, area and time, and said', async () => {
    const warning = await service.cap(capXml());
    expect(warning.body).toMatchObject({ lane: 'notice' });
    const found = await post(report());
    expect(found.body).toMatchObject({ outcome: 'accepted', problems: [{ code: 'SHOCK.FORECAST_FOUND' }] });
    expect(found.body['shockId']).not.toBe(warning.body['shockId']);
    expect(await show(found.body['shockId'])).toMatchObject({
      forecastShockId: warning.body['shockId'],
      observed: true,
    });
    expect(await show(warning.body['shockId'])).toMatchObject({ state: 'open', observed: false });
    // The next report of the event keeps the tie.
    await post(report({ shockId: found.body['shockId'], damage: damage(300) }));
    const [, event] = await service.eventsOf(String(found.body['shockId']));
    expect(event).toMatchObject({ forecastShockId: warning.body['shockId'] });
    for (const other of [{ kind: 'drought' }, { regions: ['520112'], damage: [] }, { onset: ago(30 * 24) }])
      expect((await post(report(other))).body).toMatchObject({ problems: [] });
  });

  it('may be named, but not where it could not have announced it', async () => {
    const { shockId } = (await service.cap(capXml({ geocode: '532326000000' }))).body;
    const regions = ['532326'];
    const named = await post(report({ shockId, regions, damage: [], onset: ago(60 * 24) }));
    expect(named.body).toMatchObject({ outcome: 'accepted', problems: [] });
    expect(await show(named.body['shockId'])).toMatchObject({ forecastShockId: shockId });
    expect(await post(report({ shockId, regions, damage: [], kind: 'drought' }))).toMatchObject({ status: 400 });
  });
});

describe('a report of the market', () => {
  it('of unsold stock goes to the alert lane with its products', async () => {
    const unsoldStock = { products: [{ product: '蔬菜', quantityKg: 120_000, offeredFenPerKg: 40 }] };
    const { body } = await post(report({ kind: '滞销', damage: [], unsoldStock }));
    expect(body).toMatchObject({ outcome: 'accepted', lane: 'alert', problems: [] });
    const [event] = await service.eventsOf(String(body['shockId']));
    expect(event?.unsoldStock?.products).toMatchObject([{ product: 5, quantityKg: 120_000n, offeredFenPerKg: 40n }]);
  });

  it('of a lay-off names the firm, and where the work was', async () => {
    const layOff = { employer: '91441900FPDEM0001X', branches: ['制造'], persons: 300 };
    const { body } = await post(report({ kind: 'lay-off', regions: ['4419'], damage: [], layOff }));
    expect(body).toMatchObject({ outcome: 'accepted', lane: 'alert', problems: [] });
    const [event] = await service.eventsOf(String(body['shockId']));
    expect(event).toMatchObject({ regions: ['4419'], layOff: { ...layOff, branches: [201] } });
    expect(await show(body['shockId'])).toMatchObject({ layOff: { ...layOff, branches: ['制造'] } });
    expect(await post(report({ kind: 'lay-off', damage: [] }))).toMatchObject({ status: 400 });
  });
});
