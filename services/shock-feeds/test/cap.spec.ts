import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Lane, ShockLevel, ShockState } from '@fangpin/contracts';
import { cellScope } from '@fangpin/persistence';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { EndOverdueShocks } from '../src/shocks/end-overdue-shocks.js';
import { capXml, startShockApp, type Answer, type ShockApp } from './shock-app.js';

let service: ShockApp;
beforeAll(async () => {
  service = await startShockApp();
});
afterAll(() => service.close());

const hoursFromNow = (hours: number): string =>
  new Date(Date.now() + hours * 3_600_000).toISOString().replace('Z', '+00:00');
const codesOf = ({ body }: Answer): string[] => (body['problems'] as { code: string }[]).map(({ code }) => code);
const count = (sql: string, values: unknown[] = []): Promise<number> =>
  service.database.transaction(cellScope('spec'), async (tx) => {
    const [row] = await tx.query<{ n: number }>(`SELECT count(*) AS n FROM ${sql}`, values);
    return Number(row?.n);
  });

describe('a CAP message', () => {
  it('becomes a notice with its event before it is answered 202', async () => {
    const answer = await service.cap(capXml());
    expect(answer).toMatchObject({ status: 202, body: { outcome: 'accepted', lane: 'notice', problems: [] } });
    const shockId = answer.body['shockId'] as string;
    expect(await service.eventsOf(shockId)).toMatchObject([
      {
        kind: 'rainstorm',
        level: ShockLevel.RED,
        lane: Lane.NOTICE,
        state: ShockState.OPEN,
        regions: ['532327'],
        observed: false,
      },
    ]);
    const read = await service.call('GET', `/v1/shocks/${shockId}`, {
      as: { role: 'village-monitor', region: '532327101' },
    });
    expect(read).toMatchObject({
      status: 200,
      body: {
        id: shockId,
        kind: 'rainstorm',
        level: 'red',
        state: 'open',
        regions: ['532327'],
        revisions: [{ cause: 'accepted' }],
      },
    });
    expect(read.headers['etag']).toBe(`"${String(read.body['revision'])}"`);
  });

  it('that comes five times, at once and one by one, is one shock with one event', async () => {
    const xml = capXml();
    const answers = [
      ...(await Promise.all([1, 2, 3].map(() => service.cap(xml)))),
      await service.cap(xml),
      await service.cap(xml),
    ];
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202]);
    expect(new Set(answers.map(({ body }) => body['shockId'])).size).toBe(1);
    expect(answers.map(({ body }) => body['outcome']).sort()).toEqual(['accepted', ...Array(4).fill('duplicate')]);
    expect(answers.every(({ body }) => body['lane'] === 'notice')).toBe(true);
    expect(await service.eventsOf(answers[0]?.body['shockId'] as string)).toHaveLength(1);
  });

  it('that updates another is the next revision of its shock, though the reference states a wrong time', async () => {
    const first = randomUUID();
    const { body } = await service.cap(capXml({ identifier: first, sent: hoursFromNow(-2) }));
    const update = await service.cap(
      capXml({ msgType: 'Update', references: first, sent: hoursFromNow(-1), headline: '暴雨橙色预警信号' }),
    );
    expect(update.body).toMatchObject({ shockId: body['shockId'], outcome: 'updated', lane: 'notice' });
    const events = await service.eventsOf(body['shockId'] as string);
    expect(events.map(({ level }) => level)).toEqual([ShockLevel.RED, ShockLevel.ORANGE]);
    expect(events[1]?.revision).toBeGreaterThan(events[0]?.revision as bigint);
  });

  it('that cancels another, with no info block, cancels its shock', async () => {
    const first = randomUUID();
    const { body } = await service.cap(capXml({ identifier: first, sent: hoursFromNow(-2) }));
    const cancel = await service.cap(capXml({ msgType: 'Cancel', references: first, info: false }));
    expect(cancel).toMatchObject({ status: 202, body: { shockId: body['shockId'], outcome: 'cancelled' } });
    expect((await service.eventsOf(body['shockId'] as string)).at(-1)).toMatchObject({
      state: ShockState.CANCELLED,
      regions: ['532327'],
    });
  });

  it('that comes after its own Cancel never opens', async () => {
    const first = randomUUID();
    const cancel = await service.cap(capXml({ msgType: 'Cancel', references: first, info: false }));
    expect(cancel.body).toMatchObject({ outcome: 'cancelled' });
    const alert = await service.cap(capXml({ identifier: first, sent: hoursFromNow(-2) }));
    expect(alert.body).toMatchObject({ shockId: cancel.body['shockId'], outcome: 'cancelled' });
    expect(codesOf(alert)).toEqual(['CAP.ALREADY_CANCELLED']);
    expect((await service.eventsOf(alert.body['shockId'] as string)).map(({ state }) => state)).toEqual([
      ShockState.CANCELLED,
    ]);
  });

  it('and its update and cancel, all at once, are one shock that is cancelled', async () => {
    const first = randomUUID();
    const messages = [
      capXml({ identifier: first, sent: hoursFromNow(-3) }),
      capXml({ msgType: 'Update', references: first, sent: hoursFromNow(-2), headline: '暴雨橙色预警信号' }),
      capXml({ msgType: 'Cancel', references: first, sent: hoursFromNow(-1), info: false }),
    ];
    const answers = await Promise.all(messages.map((xml) => service.cap(xml)));
    const ids = new Set(answers.map(({ body }) => body['shockId'] as string));
    expect(ids.size).toBe(1);
    const { body } = await service.call('GET', `/v1/shocks/${[...ids][0]}`);
    expect(body).toMatchObject({ state: 'cancelled', level: 'orange', cancelled: { by: 'source' } });
  });

  it('that refers to two shocks makes them one', async () => {
    const [a, b] = [randomUUID(), randomUUID()];
    const one = await service.cap(capXml({ identifier: a, sent: hoursFromNow(-3) }));
    const two = await service.cap(capXml({ identifier: b, sent: hoursFromNow(-2) }));
    const xml = capXml({ msgType: 'Update', references: 'X', sent: hoursFromNow(-1) }).replace(
      /<references>.*<\/references>/,
      `<references>yongren@example.cn,${a},2026-01-01T00:00:00+08:00 yongren@example.cn,${b},2026-01-01T00:00:00+08:00</references>`,
    );
    expect((await service.cap(xml)).body).toMatchObject({ shockId: one.body['shockId'], outcome: 'updated' });
    expect((await service.call('GET', `/v1/shocks/${String(two.body['shockId'])}`)).body).toMatchObject({
      state: 'ended',
      mergedInto: one.body['shockId'],
    });
    const again = await service.cap(capXml({ msgType: 'Cancel', references: b, info: false }));
    expect(again.body).toMatchObject({ shockId: one.body['shockId'], outcome: 'cancelled' });
  });

  it('that has expired, is a test or lies abroad is recorded and never published', async () => {
    const expired = await service.cap(capXml({ sent: hoursFromNow(-9), expires: hoursFromNow(-1) }));
    const test = await service.cap(capXml({ status: 'Test' }));
    const abroad = await service.cap(
      capXml().replace('CPEAS Geographic Code', 'FIPS6').replace('532327000000', '048113'),
    );
    for (const answer of [expired, test, abroad]) {
      expect(answer).toMatchObject({ status: 202, body: { outcome: 'recorded', lane: 'recorded' } });
      expect(await service.eventsOf(answer.body['shockId'] as string)).toEqual([]);
    }
  });

  it('that has expired is taken as of its own time by an operator, and by nobody else', async () => {
    const file = new URL('../../../scripts/lib/demo/data/yongren-red-rainstorm.cap.xml', import.meta.url);
    const xml = readFileSync(file, 'utf8');
    const asOf = '2026-07-18T02:04:17+08:00';
    const officer = await service.cap(xml, { asOf, as: { role: 'county-officer' } });
    expect(officer).toMatchObject({ status: 403, body: { code: 'ACCESS.REPLAY_TIME' } });
    const replayed = await service.cap(xml, { asOf });
    expect(replayed.body).toMatchObject({ outcome: 'accepted', lane: 'notice', problems: [] });
    const shockId = replayed.body['shockId'] as string;
    // It lives as long as it would have lived then: the sweep of today leaves it open.
    await service.app.get(EndOverdueShocks).sweep();
    expect((await service.call('GET', `/v1/shocks/${shockId}`)).body).toMatchObject({
      state: 'open',
      judgedOn: '2026-07-18',
      expires: '2026-07-18T05:04:19+08:00',
    });
    expect((await service.cap(xml)).body).toMatchObject({ shockId, outcome: 'duplicate' });
  });

  it('ends by itself when its time is over, once', async () => {
    const { body } = await service.cap(capXml({ expires: hoursFromNow(1 / 3_600) }));
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const sweep = service.app.get(EndOverdueShocks);
    await Promise.all([sweep.sweep(), sweep.sweep()]);
    const events = await service.eventsOf(body['shockId'] as string);
    expect(events.map(({ state }) => state)).toEqual([ShockState.OPEN, ShockState.ENDED]);
  });
});

describe('a message that nobody can place', () => {
  it('waits in quarantine and is released with an area by an officer', async () => {
    const xml = capXml({ geocode: '999999' });
    const answer = await service.cap(xml);
    expect(answer).toMatchObject({ status: 202, body: { shockId: null, outcome: 'quarantined', lane: null } });
    expect(codesOf(answer)).toEqual(['AREA.UNKNOWN_CODE', 'AREA.NO_KNOWN_CODE']);
    expect((await service.cap(xml)).body).toMatchObject({ shockId: null, outcome: 'duplicate' });
    const id = answer.body['quarantineId'] as string;
    const { body } = await service.call('GET', '/v1/shocks/quarantine?limit=200');
    expect(body['items']).toContainEqual(expect.objectContaining({ id, sender: 'yongren@example.cn' }));
    const path = `/v1/shocks/quarantine/${id}/release`;
    expect(await service.call('POST', path, { body: {} })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'regions' }] },
    });
    expect(await service.call('POST', path, { body: { regions: ['532327', '998877'] } })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'regions[1]', value: '998877' }] },
    });
    const released = await service.call('POST', path, { body: { regions: ['532327'] } });
    expect(released).toMatchObject({ status: 202, body: { outcome: 'accepted', lane: 'notice' } });
    const shockId = released.body['shockId'] as string;
    expect(await service.eventsOf(shockId)).toHaveLength(1);
    expect((await service.cap(xml)).body).toMatchObject({ shockId, outcome: 'duplicate' });
    expect((await service.call('POST', path, { body: { drop: true } })).status).toBe(404);
  });

  it('is dropped by an officer, for good', async () => {
    const xml = capXml({ namespace: 'urn:somebody:else' });
    const answer = await service.cap(xml);
    expect(codesOf(answer)).toEqual(['CAP.NAMESPACE_UNKNOWN']);
    const path = `/v1/shocks/quarantine/${String(answer.body['quarantineId'])}/release`;
    expect((await service.call('POST', path, { body: { drop: true } })).body).toMatchObject({ outcome: 'dropped' });
    expect((await service.cap(xml)).body).toMatchObject({ shockId: null, outcome: 'duplicate' });
  });
});

describe('a file of several alerts', () => {
  it('is answered one by one, and an incomplete alert does not hold up its neighbours', async () => {
    const alert = (xml: string): string => xml.replace(/<\?xml.*\?>/, '');
    const file = `<alerts>${alert(capXml())}${alert(capXml({ msgType: '' }))}${alert(capXml())}</alerts>`;
    const { status, body } = await service.cap(file);
    expect(status).toBe(202);
    expect((body['alerts'] as { outcome: string }[]).map(({ outcome }) => outcome)).toEqual([
      'accepted',
      'quarantined',
      'accepted',
    ]);
    const again = await service.cap(file);
    expect((again.body['alerts'] as { outcome: string }[]).every(({ outcome }) => outcome === 'duplicate')).toBe(true);
  });
});

describe('what cannot be read', () => {
  it('is refused, names what is wrong, and leaves nothing behind', async () => {
    const before = await count('shock_messages');
    const cases: [string | Buffer, string][] = [
      ['', 'CAP.NOT_WELL_FORMED'],
      [capXml().slice(0, 300), 'CAP.NOT_WELL_FORMED'],
      [`<!DOCTYPE alert [<!ENTITY a "b">]>${capXml().replace(/<\?xml.*\?>/, '')}`, 'CAP.DTD_REFUSED'],
      ['<rss/>', 'CAP.NO_ALERT'],
      [capXml().replace('<scope>Public</scope>', ''), 'CAP.REQUIRED_ELEMENTS_MISSING'],
      [Buffer.from([0x3c, 0xc3, 0x28]), 'CAP.NOT_WELL_FORMED'],
    ];
    for (const [xml, code] of cases)
      expect(await service.cap(xml)).toMatchObject({
        status: 400,
        body: { code, errors: [{ rule: expect.any(String) }] },
      });
    const missing = await service.cap(capXml().replace('<scope>Public</scope>', ''));
    expect(missing.headers['content-type']).toContain('application/problem+json');
    expect(missing.body['errors']).toEqual([{ field: 'alert.scope', value: null, rule: 'is required by CAP 1.2' }]);
    expect(await count('shock_messages')).toBe(before);
  });

  it('is refused by its size or its type', async () => {
    expect(await service.cap(Buffer.alloc(20 * 1_048_576, 'a'))).toMatchObject({ status: 413 });
    expect((await service.cap('{}', { type: 'application/json' })).status).toBe(415);
    expect((await service.cap('x', { type: 'text/plain' })).status).toBe(415);
  });

  it('is not even looked at for those who may not post', async () => {
    expect(await service.cap(capXml(), { as: { role: 'village-monitor' } })).toMatchObject({
      status: 403,
      body: { code: 'ACCESS.ROLE' },
    });
    expect((await service.cap(capXml(), { headers: { authorization: '' } })).status).toBe(401);
  });
});
