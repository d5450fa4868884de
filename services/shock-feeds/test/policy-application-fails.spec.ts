import { cellScope } from '@fangpin/persistence';
import { METRICS, type Registry } from '@fangpin/service-kit';
import { eventually } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { base, PolicyWorld } from './policy-world.js';
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

describe('a shock whose judging fails', () => {
  const may = { since: '2026-05-01', until: '2026-05-31', kinds: ['hail'] };
  const inMay = () => reported({ onset: '2026-05-20T02:00:00+08:00' });
  const read = (id: unknown) => world.applicationOf(id);
  const parked = async (): Promise<number | undefined> => {
    const figure = service.app.get<Registry>(METRICS).getSingleMetric('fangpin_policy_application_shocks_parked');
    return (await figure?.get())?.values[0]?.value;
  };
  const another = async (order: object): Promise<void> => {
    const good = await inMay();
    const behind = await apply({ ...order, reason: randomUUID() });
    await carriedOut();
    expect(await shockOf(good)).toMatchObject({ lane: 'recorded', policyVersion: now().version });
    expect((await read(behind.body['applicationId']))['judged']).toBe(1);
  };

  it('is parked with its error, shows in the answer, and is judged once it can be, while all others go on', async () => {
    const [bad, good] = [await inMay(), await inMay()];
    const [word] = await sql<{ key: string }>(
      `UPDATE shock_messages SET statement = '{"key": "x", "type": "alert", "sent": "2026-05-20", "content": {}, "references": []}'
       WHERE shock_id = $1 RETURNING message_key AS key`,
      [bad],
    );
    const dry = (await apply({ ...may, dryRun: true })).body['wouldJudge'] as { shockId: string; problems: object[] }[];
    expect(dry.find(({ shockId }) => shockId === bad)?.problems).toMatchObject([
      { code: 'APPLICATION.SHOCK_NOT_JUDGED', error: expect.any(String) },
    ]);
    const answer = await apply(may);
    expect(answer).toMatchObject({ status: 202, body: { shocks: 2 } });
    await carriedOut();
    expect(await shockOf(good)).toMatchObject({ lane: 'recorded', policyVersion: now().version });
    const shown = await read(answer.body['applicationId']);
    expect(shown).toMatchObject({ state: 'running', endedAt: null, judged: 1, parked: 1 });
    expect(shown['items']).toContainEqual(
      expect.objectContaining({
        shockId: bad,
        state: 'parked',
        revision: null,
        problems: [
          expect.objectContaining({
            code: 'APPLICATION.SHOCK_NOT_JUDGED',
            error: expect.any(String),
            attempts: expect.any(Number),
            nextTryAt: expect.any(String),
          }),
        ],
      }),
    );
    expect(await parked()).toBe(1);
    await another(may);
    await sql('UPDATE shock_messages SET statement = NULL WHERE message_key = $1', [word?.key]);
    await eventually(async () => {
      await carriedOut();
      expect(await shockOf(bad)).toMatchObject({ lane: 'recorded', policyVersion: now().version });
    });
    await eventually(async () => {
      await carriedOut();
      expect(await read(answer.body['applicationId'])).toMatchObject({ state: 'done', parked: 0 });
      expect(await parked()).toBe(0);
    });
  });

  it('in the writing is found out one by one, and parked alone', async () => {
    const shocks = [await inMay(), await inMay(), await inMay()];
    const bad = shocks[1] as string;
    // Its next revision stands already: writing it clashes, and with it the set.
    const clash = `(SELECT $1::uuid, revision + 1, now(), 'updated', false, '{}'::jsonb FROM shocks WHERE shock_id = $1)`;
    await sql(`INSERT INTO shock_revisions (shock_id, revision, at, cause, published, shock) ${clash}`, [bad]);
    const answer = await apply({ ...may, reason: '写入冲突' });
    await carriedOut();
    expect(await read(answer.body['applicationId'])).toMatchObject({ judged: 2, parked: 1 });
    expect(await shockOf(bad)).toMatchObject({ lane: 'alert', policyVersion: base.version });
    await another(may);
  });
});

describe('an application to a version that no process has any more', () => {
  it('lapses, leaves what it has not judged, and is taken up when it is asked for again', async () => {
    const shock = await reported({ onset: '2026-03-20T02:00:00+08:00' });
    const march = { since: '2026-03-01', until: '2026-03-31', reason: '只为一个不再运行的版本' };
    const id = String((await apply(march)).body['applicationId']);
    const stands = (change: string): Promise<unknown> =>
      sql(`UPDATE policy_applications SET ${change} WHERE application_id = $1`, [id]);
    // As the version before it had asked, and was then rolled on.
    await carriedOut();
    await sql('UPDATE shocks SET policy_version = $2, lane = $3 WHERE shock_id = $1', [shock, base.version, 'alert']);
    await sql(`UPDATE policy_application_shocks SET state = 'waiting' WHERE application_id = $1`, [id]);
    await stands(`state = 'running', ended_at = NULL, to_version = 'gone', carried_at = now() - interval '9 minutes'`);
    await carriedOut();
    expect(await world.applicationOf(id)).toMatchObject({ state: 'running', endedAt: null });
    await stands(`carried_at = now() - interval '11 minutes'`);
    await carriedOut();
    expect(await world.applicationOf(id)).toMatchObject({ state: 'lapsed', endedAt: expect.any(String), left: 1 });
    expect(await shockOf(shock)).toMatchObject({ lane: 'alert', policyVersion: base.version });

    await stands(`to_version = '${now().version}'`);
    expect((await apply(march)).body).toMatchObject({ applicationId: id, shocks: 1 });
    await eventually(async () => {
      await carriedOut();
      expect(await world.applicationOf(id)).toMatchObject({ state: 'done', judged: 1 });
    });
  });
});

describe('what comes in while a policy is applied backwards', () => {
  it('never waits for it: a warning is taken and told of while a set holds its shocks', async () => {
    for (let i = 0; i < 3; i += 1) await reported({ onset: '2026-04-20T02:00:00+08:00' });
    const last = await reported({ onset: '2026-04-20T02:00:00+08:00' });
    let working: Promise<void> | undefined;
    await service.database.transaction(cellScope('spec'), async (tx) => {
      // The set stands in the middle: it holds the others, and waits for this one.
      await tx.query('SELECT 1 FROM shocks WHERE shock_id = $1 FOR UPDATE', [last]);
      const answer = await apply({ since: '2026-04-01', until: '2026-04-30' });
      expect(answer.body).toMatchObject({ shocks: 4 });
      working = carriedOut();
      await eventually(async () => {
        const [row] = await sql<{ n: number }>(
          `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        expect(row?.n).toBeGreaterThan(0);
      });
      const live = await service.cap(capXml());
      expect(live.body).toMatchObject({ outcome: 'accepted', lane: 'notice' });
      expect(await service.eventsOf(live.body['shockId'] as string)).toHaveLength(1);
      const { state, judged } = (
        await service.call('GET', `/v1/policy-applications/${String(answer.body['applicationId'])}`)
      ).body;
      expect([state, judged]).toEqual(['running', 0]);
    });
    await working;
    await carriedOut();
    expect(await shockOf(last)).toMatchObject({ lane: 'recorded' });
  });
});
