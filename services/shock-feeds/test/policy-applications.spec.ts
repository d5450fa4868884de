import { Lane, ShockState } from '@fangpin/contracts';
import { cellScope } from '@fangpin/persistence';
import { eventually } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { EndOverdueShocks } from '../src/shocks/end-overdue-shocks.js';
import { base, order, PolicyWorld } from './policy-world.js';
import { capXml, type ShockApp } from './shock-app.js';

let world: PolicyWorld;
let service: ShockApp;
beforeAll(async () => {
  world = await PolicyWorld.start();
  service = world.service;
});
afterAll(() => world.stop());

const now = () => world.now();
const sql: PolicyWorld['sql'] = (...args) => world.sql(...args);
const reported: PolicyWorld['reported'] = (...args) => world.reported(...args);
const apply: PolicyWorld['apply'] = (...args) => world.apply(...args);
const carriedOut = () => world.carriedOut();
const shockOf: PolicyWorld['shockOf'] = (id) => world.shockOf(id);

describe('a policy applied backwards', () => {
  it('judges a shock again under the version that is loaded, and says who asked for it, and why', async () => {
    const id = await reported();
    const told = (await service.eventsOf(id)).length;
    const dry = await apply({ dryRun: true, kinds: ['hail'] });
    expect(dry).toMatchObject({
      status: 200,
      body: {
        applicationId: null,
        toVersion: now().version,
        shocks: 1,
        wouldJudge: [
          { shockId: id, fromVersion: base.version, fromLane: 'alert', toLane: 'recorded', judgedOn: '2026-07-18' },
        ],
      },
    });
    expect(await service.eventsOf(id)).toHaveLength(told);

    const answer = await apply({ kinds: ['hail'] });
    expect(answer).toMatchObject({ status: 202, body: { toVersion: now().version, shocks: 1 } });
    await carriedOut();
    const event = (await service.eventsOf(id)).at(-1);
    expect(event).toMatchObject({
      lane: Lane.RECORDED,
      state: ShockState.OPEN,
      policyVersion: now().version,
      judgedOn: '2026-07-18',
      policyAppliedBackwards: true,
    });
    expect(event?.damage).toHaveLength(5);
    const shock = await shockOf(id);
    expect(shock).toMatchObject({ lane: 'recorded', policyVersion: now().version });
    expect((shock['revisions'] as object[]).at(-1)).toMatchObject({
      cause: 'rejudged',
      published: true,
      policyApplication: {
        id: answer.body['applicationId'],
        by: 'county-officer/officer-1',
        reason: order.reason,
        document: order.document,
        fromVersion: base.version,
        toVersion: now().version,
      },
    });
    expect((shock['revisions'] as object[])[0]).toMatchObject({ policyApplication: null });

    const read = await service.call('GET', `/v1/policy-applications/${answer.body['applicationId'] as string}`);
    expect(read).toMatchObject({
      status: 200,
      body: {
        state: 'done',
        requestedBy: 'county-officer/officer-1',
        region: '532327',
        kinds: ['hail'],
        shocks: 1,
        judged: 1,
        left: 0,
        items: [
          {
            shockId: id,
            state: 'judged',
            fromLane: 'alert',
            toLane: 'recorded',
            revision: event && Number(event.revision),
          },
        ],
      },
    });
  });

  it('touches nothing when it is asked for again', async () => {
    const id = await reported();
    const first = await apply({ reason: '再次' });
    await carriedOut();
    const events = await service.eventsOf(id);
    expect(events.at(-1)).toMatchObject({ policyAppliedBackwards: true });
    const second = await apply({ reason: '再次' });
    expect(second.body).toEqual(first.body);
    await carriedOut();
    expect(await service.eventsOf(id)).toHaveLength(events.length);
    expect(first.body).toMatchObject({ problems: [] });
    const text = expect.stringContaining(`本来就是按现行政策版本${now().version}研判的`);
    const nothing = { shocks: 0, problems: [{ code: 'APPLICATION.JUDGED_BY_PRESENT', text }] };
    expect((await apply({ reason: '另一次' })).body).toMatchObject(nothing);
    expect((await apply({ reason: '另一次', dryRun: true })).body).toMatchObject({ ...nothing, wouldJudge: [] });
  });

  it('is about its days, kinds and region, and about shocks as a whole', async () => {
    const inside = await reported();
    await reported({ onset: '2026-06-18T02:00:00+08:00' });
    await reported({ regions: ['532327', '532328'], damage: [] });
    await reported({ kind: 'flood' });
    const named = (await apply({ dryRun: true, kinds: ['hail'] })).body;
    expect(named).toMatchObject({ shocks: 1, beyondRegion: 1, wouldJudge: [{ shockId: inside }] });
    const wide = await apply({ dryRun: true, kinds: ['hail'] }, { role: 'operator' });
    expect(wide.body).toMatchObject({ shocks: 2, beyondRegion: 0 });
    const days = await apply({ dryRun: true, since: '2026-06-01', kinds: ['hail'] });
    expect(days.body).toMatchObject({ shocks: 2 });
  });

  it('leaves what is called off, what nobody was told of and what stays recorded', async () => {
    await apply();
    await carriedOut();
    const cancelled = await reported();
    await service.call('POST', `/v1/shocks/${cancelled}/cancel`, { body: { reason: '误报' } });
    await reported({ onset: '2026-04-18T02:00:00+08:00' }, 'recorded');
    const spring = { dryRun: true, since: '2026-04-01', until: '2026-04-30' };
    const codesOf = async (over: object): Promise<unknown[]> => {
      const { body } = await apply({ ...spring, ...over });
      expect(body).toMatchObject({ shocks: 0 });
      return (body['problems'] as { code: string }[]).map(({ code }) => code);
    };
    expect(await codesOf({})).toEqual(['APPLICATION.ONLY_RECORDED']);
    expect(await codesOf({ kinds: ['flood'] })).toEqual(['APPLICATION.NO_SHOCKS']);
    await reported({ regions: ['532327', '532328'], damage: [], onset: '2026-04-18T02:00:00+08:00' });
    expect(await codesOf({})).toEqual(['APPLICATION.ONLY_RECORDED', 'APPLICATION.BEYOND_REGION']);
    expect((await apply({ dryRun: true, kinds: ['hail'] })).body).toMatchObject({ shocks: 0 });
  });

  it('leaves what is called off before its turn comes, and says so', async () => {
    const id = await reported();
    const answer = await apply({ reason: '先下达，后撤销' });
    const applicationId = answer.body['applicationId'] as string;
    await carriedOut();
    await service.call('POST', `/v1/shocks/${id}/cancel`, { body: { reason: '误报' } });
    const count = (await service.eventsOf(id)).length;
    // As if the cancel had come between the request and its turn.
    await sql(`UPDATE policy_application_shocks SET state = 'waiting', revision = NULL WHERE application_id = $1`, [
      applicationId,
    ]);
    await sql(`UPDATE policy_applications SET state = 'running' WHERE application_id = $1`, [applicationId]);
    await carriedOut();
    await eventually(async () => {
      const { body } = await service.call('GET', `/v1/policy-applications/${applicationId}`);
      expect(body).toMatchObject({ state: 'done', judged: 0, items: [{ shockId: id, state: 'left', revision: null }] });
    });
    expect(await service.eventsOf(id)).toHaveLength(count);
  });

  it('goes through the whole chain of a warning, so that a later message finds it as it stands', async () => {
    const identifier = randomUUID();
    const answer = await service.cap(capXml({ identifier }));
    const id = answer.body['shockId'] as string;
    // As a release before judged it: red rain was only recorded then.
    await sql(`UPDATE shocks SET policy_version = $2, lane = 'recorded' WHERE shock_id = $1`, [id, base.version]);
    await sql(
      `UPDATE shock_messages SET statement = jsonb_set(jsonb_set(statement, '{content,lane}', '"recorded"'),
         '{content,policyVersion}', to_jsonb($2::text)) WHERE shock_id = $1`,
      [id, base.version],
    );
    const { until: _, ...open } = order;
    const day = (await shockOf(id))['judgedOn'] as string;
    expect((await apply({ ...open, until: undefined, since: day, kinds: ['rainstorm'] })).body).toMatchObject({
      shocks: 1,
    });
    await carriedOut();
    expect(await shockOf(id)).toMatchObject({ lane: 'notice', policyVersion: now().version });
    const lifted = await service.cap(capXml({ msgType: 'Cancel', references: identifier, info: false }));
    expect(lifted.body).toMatchObject({ shockId: id, outcome: 'cancelled', lane: 'notice' });
    expect((await service.eventsOf(id)).at(-1)).toMatchObject({
      policyVersion: now().version,
      policyAppliedBackwards: false,
    });
  });

  it('judges some hundred shocks of one request, each once', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 120; i += 1) ids.push(await reported({ onset: '2026-05-18T02:00:00+08:00' }));
    const answer = await apply({ since: '2026-05-01', until: '2026-05-31' });
    expect(answer.body).toMatchObject({ shocks: ids.length });
    await Promise.all([carriedOut(), carriedOut(), carriedOut()]);
    const rows = await sql<{ n: number }>(
      `SELECT count(*)::int AS n FROM shock_revisions WHERE application_id = $1 AND shock_id = ANY($2::uuid[])`,
      [answer.body['applicationId'], ids],
    );
    expect(rows[0]?.n).toBe(ids.length);
  });

  it('is for officers of the area, who say why', async () => {
    expect((await apply({ region: '532328' })).status).toBe(403);
    expect((await apply({}, { role: 'helper', region: '532327' })).status).toBe(403);
    const bad = await apply({
      since: '2026-02-30',
      kinds: ['plague'],
      region: '7',
      reason: ' ',
      document: undefined,
      dryrun: true,
    });
    expect(bad.status).toBe(400);
    for (const field of ['until', 'kinds', 'region', 'dryRun'])
      expect(await apply({ [field]: null })).toMatchObject({ status: 400, body: { errors: [{ field }] } });
    expect((bad.body['errors'] as { field: string }[]).map(({ field }) => field).sort()).toEqual([
      'document',
      'dryrun',
      'kinds',
      'reason',
      'region',
      'since',
    ]);
    expect((await apply({ since: '2026-08-01' })).body).toMatchObject({ errors: [{ field: 'since' }] });
    expect((await apply({ until: '2999-01-01' })).body).toMatchObject({ errors: [{ field: 'until' }] });
    expect((await service.call('GET', '/v1/policy-applications/x')).status).toBe(404);
    const elsewhere = { role: 'county-officer', region: '532328' } as const;
    expect((await service.call('GET', '/v1/policy-applications', { as: elsewhere })).body).toEqual({
      items: [],
      nextCursor: null,
    });
    const first = await service.call('GET', '/v1/policy-applications?limit=1');
    const next = await service.call(
      'GET',
      `/v1/policy-applications?limit=1&cursor=${first.body['nextCursor'] as string}`,
    );
    expect([first.status, next.status]).toEqual([200, 200]);
    expect((next.body['items'] as { id: string }[])[0]?.id).not.toBe((first.body['items'] as { id: string }[])[0]?.id);
  });
});

describe('a price shock', () => {
  const pigs = readFileSync(
    new URL('../../../scripts/lib/demo/data/pig-prices-2020-2021.csv', import.meta.url),
    'utf8',
  );
  const since = { since: '2021-01-01', until: '2021-12-31', kinds: ['price-fall'] };
  const operator = { role: 'operator' };
  const ofAnOlderVersion = (id: string) =>
    sql('UPDATE shocks SET policy_version = $2 WHERE shock_id = $1', [id, base.version]);

  it('is computed anew from its series, and called off where that no longer bears it out', async () => {
    const sheet = await service.call('POST', '/v1/shocks/market-prices', { body: pigs, type: 'text/csv' });
    const id = (sheet.body['shocks'] as { shockId: string }[])[0]?.shockId as string;
    // Its series is long silent: it is over, and stays so.
    await service.app.get(EndOverdueShocks).sweep();
    const first = await shockOf(id);
    expect(first).toMatchObject({ state: 'ended', endedBy: 'expiry' });
    await ofAnOlderVersion(id);
    // A list holds no shock, nor does it wait for whoever holds one.
    const listed = await service.database.transaction(cellScope('spec'), async (tx) => {
      await tx.query('SELECT 1 FROM shocks WHERE shock_id = $1 FOR UPDATE', [id]);
      return apply({ ...since, dryRun: true }, operator);
    });
    expect(listed).toMatchObject({ status: 200, body: { shocks: 1 } });
    expect((await apply(since, operator)).body).toMatchObject({ shocks: 1 });
    await carriedOut();
    const { revisions: _, revision: __, updatedAt: ___, ...same } = await shockOf(id);
    expect(first).toMatchObject(same);
    expect((await service.eventsOf(id)).at(-1)).toMatchObject({ policyAppliedBackwards: true, lane: Lane.ALERT });

    // Prices that no policy would take for a fall stand for a policy that does not take these for one.
    await sql('UPDATE price_points SET fen_per_kg = 3000, fen_per_tonne = 3000000');
    await ofAnOlderVersion(id);
    await apply({ ...since, reason: '价格门槛调整' }, operator);
    await carriedOut();
    expect(await shockOf(id)).toMatchObject({ state: 'cancelled', cancelled: { by: 'correction' } });
    expect((await service.eventsOf(id)).at(-1)).toMatchObject({
      state: ShockState.CANCELLED,
      lane: Lane.ALERT,
      policyAppliedBackwards: true,
    });
  });
});
