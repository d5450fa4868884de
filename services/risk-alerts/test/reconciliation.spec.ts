import { randomUUID } from 'node:crypto';
import { cellScope } from '@fangpin/persistence';
import { METRICS, type Registry } from '@fangpin/service-kit';
import { eventually } from '@fangpin/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { originOf } from '@fangpin/domain-kit';
import type { ReconciliationPage, ReconciliationResponse } from '../src/reconciliation/reconciliation.responses.js';
import { StartReconciliation } from '../src/reconciliation/start-reconciliation.js';
import { OwnersDesk } from './support/owners-desk.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { TallyDesk } from './support/tally-desk.js';
import { assessment, hail, profile, YIJIU, YONGDING, type HouseholdSpec } from './support/world.js';

const county: HouseholdSpec[] = Array.from({ length: 60 }, (_, i) => ({
  id: i + 1,
  township: i % 2 === 0 ? YONGDING : YIJIU,
  maize: 400,
  perCapitaYuan: 8_000,
}));

describe('the comparison with assistance-cases', () => {
  let world: World;
  let desk: TallyDesk;
  let shock: string;
  let origin: number;

  beforeAll(async () => {
    world = await startWorld({
      env: {
        FANGPIN_RECONCILIATION_QUIET_SECONDS: '0',
        FANGPIN_RECONCILIATION_REST_SECONDS: '1',
        FANGPIN_RECONCILIATION_SILENT_SECONDS: '2',
        FANGPIN_RECONCILIATION_LOOK_SECONDS: '1',
        FANGPIN_RECONCILIATION_ROUNDS: '3',
      },
    });
    desk = new TallyDesk(world.producer);
    await desk.listen(world.bus);
    const owners = new OwnersDesk(world.producer);
    owners.know(county.map(profile), county.map(assessment));
    await owners.listen(world.bus);
    await world.households(county.map(profile), county.map(assessment));
  });
  afterAll(() => world.stop());

  beforeEach(async () => {
    shock = randomUUID();
    origin = originOf(shock, 'crop-disaster');
    await world.shock(hail({ id: shock, policyVersion: world.policyVersion }));
    const { alerted } = await world.settled(shock, 'done');
    expect(alerted).toBe(county.length);
    await eventually(() => expect(desk.at(origin, YONGDING).size + desk.at(origin, YIJIU).size).toBe(alerted));
  });

  const asOwner = async (sql: string, values: unknown[] = []): Promise<void> => {
    const admin = await world.db.open({ url: world.db.adminUrl });
    await admin.transaction(cellScope('spec'), (tx) => tx.execute(sql, values));
    await admin.close();
  };
  const call = async <T>(method: 'GET' | 'POST', role = 'operator', region = '00'): Promise<T> => {
    const authorization = `Bearer ${await world.token(role, region)}`;
    return (await world.app.inject({ method, url: '/v1/reconciliations', headers: { authorization } })).json<T>();
  };
  const compared = async (): Promise<ReconciliationResponse> => {
    const { id } = await call<{ id: number }>('POST');
    expect(id).toBeDefined();
    return eventually(
      async () => {
        const { items } = await call<ReconciliationPage>('GET');
        const found = items.find((one) => one.id === id);
        if (found?.state !== 'closed') throw new Error(`comparison ${id} is ${found?.state ?? 'unknown'}`);
        return found;
      },
      { timeoutMs: 30_000 },
    );
  };
  const loseAnswers = (township: number): Promise<void> =>
    asOwner('DELETE FROM triage_answers WHERE origin = $1 AND duty_code / 1000000 = $2', [origin, township]);

  it('agrees where nothing was lost, and finds nothing', async () => {
    const run = await compared();
    expect(run.compared).toBeGreaterThanOrEqual(2);
    expect(run).toMatchObject({ agreed: run.compared, mended: 0, alarms: 0, findings: [] });
  });

  it('fetches answers that were lost', async () => {
    await loseAnswers(YIJIU);
    const run = await compared();
    expect(run).toMatchObject({ mended: 1, alarms: 0 });
    expect(run.findings).toMatchObject([
      { shockId: shock, region: String(YIJIU), kind: 'answers-lost', state: 'mended', households: 30 },
    ]);
    expect((await world.settled(shock, 'done')).listed).toBe(county.length);
    expect(await call<ReconciliationPage>('GET', 'county-officer', String(YONGDING))).toMatchObject({
      items: expect.arrayContaining([expect.objectContaining({ id: run.id, findings: [] })]),
    });
  });

  it('publishes alerts again that never arrived', async () => {
    await loseAnswers(YONGDING);
    desk.at(origin, YONGDING).clear();
    const run = await compared();
    expect(run).toMatchObject({ mended: 1, alarms: 0 });
    expect(run.findings).toMatchObject([
      { region: String(YONGDING), kind: 'alerts-lost', state: 'mended', households: 30 },
    ]);
    expect(desk.at(origin, YONGDING).size).toBe(30);
    expect((await world.settled(shock, 'done')).listed).toBe(county.length);
  });

  it('publishes alerts again that had been answered and were lost on the other side', async () => {
    const held = desk.at(origin, YIJIU);
    for (const id of [...held.keys()].slice(0, 3)) held.delete(id);
    const run = await compared();
    expect(run).toMatchObject({ mended: 1, alarms: 0 });
    expect(run.findings).toMatchObject([
      { region: String(YIJIU), kind: 'alerts-lost', state: 'mended', households: 3 },
    ]);
    expect(held.size).toBe(30);
  });

  it('tells of what it cannot mend: a household that was never alerted, and a service that does not reply', async () => {
    desk.at(origin, YIJIU).set(999_999, { revision: 5n, withdrawn: false });
    const strange = await compared();
    expect(strange.alarms).toBe(1);
    expect(strange.findings).toContainEqual(
      expect.objectContaining({ kind: 'never-alerted', state: 'alarm', households: 1, sample: [999_999] }),
    );
    const gauge = world.app.get<Registry>(METRICS).getSingleMetric('fangpin_reconciliation_alarms');
    await eventually(async () => expect((await gauge?.get())?.values[0]?.value).toBe(1));

    desk.silent = true;
    const unheard = await compared();
    desk.silent = false;
    expect(unheard.alarms).toBe(unheard.compared);
    expect(unheard.findings.every(({ kind }) => kind === 'no-reply')).toBe(true);
  });

  it('comes to an end although the work on one township fails again and again', async () => {
    await loseAnswers(YONGDING);
    desk.at(origin, YONGDING).clear();
    // No such policy is known here: its alerts cannot be published again.
    const underPolicy = (version: string): Promise<void> =>
      asOwner('UPDATE fan_outs SET policy_version = $2 WHERE origin = $1', [origin, version]);
    await underPolicy('lost');
    const run = await compared();
    await underPolicy(world.policyVersion);
    const ofShock = run.findings.filter(({ subject, shockId }) => subject === 'answers' && shockId === shock);
    expect(ofShock).toMatchObject([{ region: String(YONGDING), kind: 'not-compared', state: 'alarm' }]);
    expect(run.exposure).toMatchObject({ compared: 4, agreed: 4 });
  });

  it('keeps its alarms while the next comparison runs, and adds those that this one finds', async () => {
    const gauge = world.app.get<Registry>(METRICS).getSingleMetric('fangpin_reconciliation_alarms');
    const alarms = async (): Promise<number> => (await gauge?.get())?.values[0]?.value ?? -1;
    desk.at(origin, YIJIU).set(999_998, { revision: 5n, withdrawn: false });
    const { findings } = await compared();
    const found = findings.filter(({ state }) => state === 'alarm').length;
    expect(found).toBeGreaterThan(0);
    await eventually(async () => expect(await alarms()).toBe(found));
    await asOwner(
      `WITH begun AS (INSERT INTO reconciliations (asked_by) VALUES ('spec') RETURNING reconciliation_no), open AS (
         INSERT INTO reconciliation_tallies (reconciliation_no, origin, duty_code, state, households, hash, asked_at)
         SELECT reconciliation_no, $1, 532327104000000, 'resting', 0, '', now() + interval '1 hour' FROM begun)
       INSERT INTO reconciliation_findings (reconciliation_no, origin, duty_code, kind, state, households)
       SELECT reconciliation_no, $1, 532327104000000, 'no-reply', 'alarm', 1 FROM begun`,
      [origin],
    );
    await eventually(async () => expect(await alarms()).toBe(found + 1));
    await asOwner(`UPDATE reconciliation_tallies SET state = 'agreed' WHERE state = 'resting'`);
    await eventually(async () => expect(await alarms()).toBe(1));
  });

  it('runs once however many instances find it due, and not twice at a time', async () => {
    const before = (await call<ReconciliationPage>('GET')).items.length;
    await asOwner(`UPDATE reconciliation_clock SET due_at = now() - interval '1 minute'`);
    const start = world.app.get(StartReconciliation);
    await Promise.all([1, 2, 3, 4].map(() => start.executeWhenDue()));
    await eventually(async () => expect((await call<ReconciliationPage>('GET')).items.length).toBe(before + 1));
    expect(await start.executeWhenDue()).toBeUndefined();

    await eventually(async () => expect((await call<ReconciliationPage>('GET')).items[0]?.state).toBe('closed'));
    const ids = await Promise.all([1, 2, 3].map(() => call<{ id: number }>('POST')));
    expect(new Set(ids.map(({ id }) => id)).size).toBe(1);
    expect(await call<{ code: string }>('POST', 'county-officer')).toMatchObject({ code: 'ACCESS.ROLE' });
  });
});
