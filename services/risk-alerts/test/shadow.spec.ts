import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Lane } from '@fangpin/contracts';
import { shanghaiDay } from '@fangpin/domain-kit';
import { cellScope } from '@fangpin/persistence';
import { eventually } from '@fangpin/testing';
import { ENV, LOGGER } from '@fangpin/service-kit';
import { JudgeShocks } from '../src/shadow/judge-shocks.js';
import { ShadowPolicy } from '../src/shadow/shadow-policy.js';
import { noteDueRuns } from '../src/shadow/shadow-run-store.js';
import { NotAlerted } from '../src/simulations/not-alerted.js';
import { asOwner } from './support/comparisons.js';
import type { OnlyShadowShocks } from '../src/shadow/shadow-run.response.js';
import { countyDraft } from './support/county-drafts.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { assessment, hail, profile, YIJIU, YONGDING, type HouseholdSpec } from './support/world.js';

const county: HouseholdSpec[] = Array.from({ length: 200 }, (_, i) => ({
  id: i + 1,
  township: i % 2 === 0 ? YONGDING : YIJIU,
  maize: 200 + 10 * i,
  perCapitaYuan: 7_000 + i * 40,
}));

interface Run {
  shockId: string;
  state: string;
  policy: { live: string; shadow: string; changed: { key: string }[] };
  live: { exposed: number; alerted: number; triage: { cases: number } };
  shadow: { exposed: number; alerted: number; triage: { cases: number } };
  differs: Record<string, number>;
  townships: { region: string; differs: Record<string, number> }[];
}

describe('a policy that runs in the shadow', () => {
  let world: World;
  const overlay = mkdtempSync(join(tmpdir(), 'shadow-'));
  beforeAll(async () => {
    writeFileSync(
      join(overlay, 'triage.json'),
      JSON.stringify([
        countyDraft({
          key: 'lane',
          subject: 'drought',
          value: {
            observed: 'alert',
            forecast: { unknown: 'alert', blue: 'alert', yellow: 'alert', orange: 'alert', red: 'alert' },
          },
          reason: 'Whether a drought that is only forecast may alert.',
        }),
        countyDraft({
          key: 'triage',
          value: { alertFrom: 3, caseFrom: 3 },
          reason: 'Whether orange may open cases.',
        }),
      ]),
    );
    world = await startWorld({ env: { FANGPIN_POLICY_SHADOW: overlay } });
    await world.households(county.map(profile), county.map(assessment));
  });
  afterAll(async () => {
    await world.stop();
    rmSync(overlay, { recursive: true });
  });

  const runs = async (query = '', region = '532327', role = 'county-officer') => {
    const answer = await world.app.inject({
      method: 'GET',
      url: `/v1/shadow-runs${query}`,
      headers: { authorization: `Bearer ${await world.token(role, region)}` },
    });
    return { status: answer.statusCode, ...(answer.json() as { items: Run[]; onlyShadow: OnlyShadowShocks }) };
  };
  const run = (shockId: string, region?: string) =>
    eventually(async () => {
      const { items } = await runs(`?shockId=${shockId}`, region);
      expect(items).toHaveLength(1);
      expect(items[0]?.state).toBe('done');
      return items[0] as Run;
    });
  const counted = (sql: string, values: unknown[] = []) =>
    world.database.transaction(
      cellScope('spec'),
      async (tx) => (await tx.query<{ n: number }>(`SELECT count(*)::int AS n ${sql}`, values))[0]?.n,
    );

  it('is compared with the live one on a real shock, and nobody is told', async () => {
    const id = randomUUID();
    await world.shock(hail({ id, policyVersion: world.policyVersion }));
    const ledger = await world.settled(id, 'done');
    const told = world.batches.length;
    const found = await run(id);
    expect(found.live).toMatchObject({ exposed: ledger.exposed, alerted: ledger.alerted });
    expect(found.shadow).toMatchObject({ exposed: ledger.exposed, alerted: ledger.red + ledger.orange });
    expect(found.shadow.triage.cases).toBe(ledger.red + ledger.orange);
    expect(ledger.orange).toBeGreaterThan(0);
    expect(found.differs).toMatchObject({ noLongerAlerted: ledger.yellow + ledger.blue, newCases: ledger.orange });
    expect(found.policy.live).toBe(world.policyVersion);
    expect(found.policy.changed.map(({ key }) => key)).toEqual(['lane', 'triage']);
    expect(found.townships.map(({ region }) => region)).toEqual([String(YONGDING), String(YIJIU)]);
    // What it found stands in its own tables alone.
    const under = `FROM alerts a JOIN origins o USING (origin) WHERE o.shock_id = $1`;
    expect(await counted(under, [id])).toBe(ledger.alerted);
    expect(await counted('FROM fan_outs WHERE policy_version = $1', [found.policy.shadow])).toBe(0);
    expect(world.batches.length).toBe(told);
    expect(world.batches.every(({ policyVersion }) => policyVersion === world.policyVersion)).toBe(true);
    expect(await counted(`FROM outbox`)).toBe(await counted(`FROM outbox WHERE topic IN ('alerts.alert.v1')`));
  });

  it('names the shocks about which it alone would alert, to those whose area they reach', async () => {
    const event = hail({
      id: randomUUID(),
      policyVersion: world.policyVersion,
      lane: Lane.RECORDED,
      kind: 'drought',
      level: 1,
    });
    event.observed = false;
    event.judgedOn = shanghaiDay(new Date());
    await world.shock(event);
    await eventually(async () =>
      expect((await runs()).onlyShadow).toMatchObject({
        count: 1,
        shocks: [{ shockId: event.shockId, kind: 'drought', lane: 'recorded' }],
      }),
    );
    expect((await runs('', '532301')).onlyShadow).toEqual({ count: 0, shocks: [] });
    expect((await runs(`?shockId=${event.shockId}`)).items).toEqual([]);
  });

  it('is asked about each shock once, when that is heard, and not at each reading', async () => {
    const first = await eventually(async () => {
      const { onlyShadow } = await runs();
      expect(onlyShadow.count).toBe(1);
      return onlyShadow.shocks[0]?.shockId ?? '';
    });
    // Of the years before: as many more that only it would alert about, and none of them is judged by now.
    await asOwner(
      world,
      `INSERT INTO shocks (shock_id, revision, kind, lane, state, headline, shock, judged_on, received_at)
       SELECT gen_random_uuid(), revision, kind, lane, state, headline, shock, judged_on, now() - interval '1 day'
       FROM shocks, generate_series(1, 250) WHERE shock_id = $1`,
      [first],
    );
    expect((await runs()).onlyShadow.count).toBe(1);
    const parts = [ShadowPolicy, NotAlerted].map((part) => world.app.get(part)) as [ShadowPolicy, NotAlerted];
    const afterRestart = new JudgeShocks(world.database, ...parts, world.app.get(ENV), world.app.get(LOGGER));
    while (await afterRestart.execute());
    // One that cannot be read stops none of the others.
    await asOwner(
      world,
      `INSERT INTO shocks (shock_id, revision, kind, lane, state, headline, shock, judged_on)
       SELECT gen_random_uuid(), revision, 'unread', lane, state, headline, '\\xff', judged_on FROM shocks WHERE shock_id = $1`,
      [first],
    );
    expect(await afterRestart.execute()).toBe(false);
    await asOwner(world, `UPDATE shocks SET shock = '\\xff' WHERE shock IS NOT NULL`);
    const { onlyShadow, status } = await runs();
    expect(status).toBe(200);
    expect(onlyShadow.count).toBe(251);
    expect(onlyShadow.shocks).toHaveLength(20);
    await asOwner(world, `UPDATE shocks SET state = 3 WHERE shock IS NOT NULL AND shock_id <> $1`, [first]);
    expect((await runs()).onlyShadow).toMatchObject({ count: 1, shocks: [{ shockId: first }] });
  });

  it('judges a shock that was planned behind the exposure when that has been caught up with', async () => {
    const id = randomUUID();
    await world.shock(hail({ id, policyVersion: world.policyVersion, regions: [String(YIJIU)] }));
    const { policy } = await run(id);
    const admin = await world.db.open({ url: world.db.adminUrl });
    await admin.transaction(cellScope('spec'), async (tx) => {
      const ofShock = `(SELECT run_no FROM shadow_runs JOIN origins USING (origin) WHERE shock_id = $1)`;
      await tx.execute(`DELETE FROM shadow_run_townships WHERE run_no IN ${ofShock}`, [id]);
      await tx.execute(`DELETE FROM shadow_runs WHERE run_no IN ${ofShock}`, [id]);
      const behind = (is: boolean) =>
        tx.execute(
          'UPDATE fan_outs SET behind = $2 FROM origins o WHERE fan_outs.origin = o.origin AND o.shock_id = $1',
          [id, is],
        );
      await behind(true);
      expect(await noteDueRuns(tx, policy.shadow)).toBe(0);
      await behind(false);
      expect(await noteDueRuns(tx, policy.shadow)).toBe(1);
    });
    await admin.close();
    await run(id);
  });

  it('judges each revision of a shock once', async () => {
    const id = randomUUID();
    await world.shock(hail({ id, policyVersion: world.policyVersion }));
    await run(id);
    await world.shock(hail({ id, policyVersion: world.policyVersion, version: 2, regions: [String(YONGDING)] }));
    await eventually(async () => {
      const { items } = await runs(`?shockId=${id}`);
      expect(items.map(({ state }) => state)).toEqual(['done', 'done']);
      expect(items[0]?.townships.map(({ region }) => region)).toEqual([String(YONGDING)]);
    });
  });

  it('is shown to those who answer for it, within their area', async () => {
    const id = randomUUID();
    await world.shock(hail({ id, policyVersion: world.policyVersion }));
    const own = await run(id, String(YIJIU));
    expect(own.townships.map(({ region }) => region)).toEqual([String(YIJIU)]);
    expect(own.differs).toEqual(own.townships[0]?.differs);
    expect((await runs(`?region=532327`, String(YIJIU))).status).toBe(403);
    expect((await runs('', '532327', 'helper')).status).toBe(403);
    expect((await runs('', '532327', 'auditor')).status).toBe(200);
    expect((await runs('?limit=1')).items).toHaveLength(1);
    expect((await runs(`?shockId=${id}`, '5301')).items).toEqual([]);
  });

  it('is shown to nobody else where it has failed', async () => {
    const id = randomUUID();
    await world.shock(hail({ id, policyVersion: world.policyVersion, regions: [String(YIJIU)] }));
    await run(id);
    const admin = await world.db.open({ url: world.db.adminUrl });
    const ofShock = `SELECT run_no FROM shadow_runs JOIN origins USING (origin) WHERE shock_id = $1`;
    await admin.dataSource.query(`DELETE FROM shadow_run_townships WHERE run_no IN (${ofShock})`, [id]);
    await admin.dataSource.query(
      `UPDATE shadow_runs SET state = 'failed', last_error = 'no policy' WHERE run_no IN (${ofShock})`,
      [id],
    );
    await admin.close();
    const seen = async (region: string) => (await runs(`?shockId=${id}`, region)).items.map(({ state }) => state);
    expect(await Promise.all(['532327', String(YIJIU), `${YIJIU}201`].map(seen))).toEqual(
      Array.from({ length: 3 }, () => ['failed']),
    );
    expect(await Promise.all([String(YONGDING), '5301', `${YONGDING}201`].map(seen))).toEqual([[], [], []]);
  });
});
