import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { AlertState, Lane, ShockState } from '@fangpin/contracts';
import { composeDerivedId, originOf } from '@fangpin/domain-kit';
import { cellScope } from '@fangpin/persistence';
import { changePolicy } from '@fangpin/policy';
import { eventually } from '@fangpin/testing';
import { PlanFanOuts } from '../src/fan-out/plan-fan-outs.js';
import { PolicyVersions } from '../src/policy/policy-versions.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { assessment, hail, profile, YIJIU, YONGDING, type HouseholdSpec } from './support/world.js';

const county: HouseholdSpec[] = Array.from({ length: 200 }, (_, i) => ({
  id: i + 1,
  township: i % 2 === 0 ? YONGDING : YIJIU,
  maize: 200 + 10 * i,
  perCapitaYuan: 7_000 + i * 40,
}));

describe('a policy that an officer applies backwards', () => {
  let world: World;
  /** Alerts only from orange on. */
  let stricter: string;

  beforeAll(async () => {
    world = await startWorld({ sliceHouseholds: 20 });
    await world.households(county.map(profile), county.map(assessment));
    const set = changePolicy(world.app.get(PolicyVersions).current, [
      { key: 'triage', value: { alertFrom: 3, caseFrom: 3 } },
    ]);
    stricter = set.version;
    // As a release with another policy that ran here would have left it.
    await sql('INSERT INTO policy_versions (version, records) VALUES ($1, $2)', [
      set.version,
      JSON.stringify(set.records),
    ]);
  });
  afterAll(() => world.stop());

  const sql = <Row extends Record<string, unknown>>(text: string, values: unknown[] = []): Promise<Row[]> =>
    world.database.transaction(cellScope('spec'), (tx) => tx.query<Row>(text, values));
  const fanOutsOf = (shockId: string) =>
    sql<{ state: string; lane: string; direction: string; policy_version: string }>(
      `SELECT f.state, f.lane, f.direction, f.policy_version FROM fan_outs f JOIN origins o USING (origin)
       WHERE o.shock_id = $1 ORDER BY f.shock_revision`,
      [shockId],
    );
  const raised = (shockId: string) =>
    sql<{ household_id: number; severity: number }>(
      `SELECT household_id, severity FROM (
         SELECT DISTINCT ON (household_id) household_id, state, severity FROM alerts a JOIN origins o USING (origin)
         WHERE o.shock_id = $1 ORDER BY household_id, revision DESC) last WHERE state = 1 ORDER BY household_id`,
      [shockId],
    );
  const alertOf = async (shockId: string, householdId: number) => {
    const id = composeDerivedId({ origin: originOf(shockId, 'crop-disaster'), householdId });
    const answer = await world.app.inject({
      method: 'GET',
      url: `/v1/alerts/${id}`,
      headers: { authorization: `Bearer ${await world.token()}` },
    });
    return answer.json() as { status: string; explanation: { policy: { version: string }; text: string } };
  };

  it('takes back what it would not have raised, also of a shock that is over, and tells it in bulk', async () => {
    const id = randomUUID();
    const shock = { id, policyVersion: world.policyVersion };
    await world.shock(hail(shock));
    const before = await world.settled(id, 'done');
    expect(before.yellow + before.blue).toBeGreaterThan(0);
    expect(before.red + before.orange).toBeGreaterThan(0);
    await world.shock(hail({ ...shock, version: 2, state: ShockState.ENDED }));

    const over = { id, policyVersion: stricter, state: ShockState.ENDED, backwards: true };
    await world.shock(hail({ ...over, version: 3 }));
    const after = await settledUnder(id, stricter, 'done');
    expect(after).toMatchObject({ alerted: before.alerted, withdrawn: before.yellow + before.blue });
    expect(after.dropped).toBe(after.withdrawn);
    expect(await fanOutsOf(id)).toEqual([
      { state: 'done', lane: 'live', direction: 'raise', policy_version: world.policyVersion },
      { state: 'done', lane: 'bulk', direction: 'raise', policy_version: stricter },
    ]);
    const bulk = world.bulk.filter(({ shockId }) => shockId === id);
    expect(bulk.every(({ policyVersion }) => policyVersion === stricter)).toBe(true);
    const told = (state: AlertState): number =>
      bulk.filter((batch) => batch.state === state).reduce((sum, batch) => sum + batch.householdIds.length, 0);
    expect([told(AlertState.RAISED), told(AlertState.WITHDRAWN)]).toEqual([
      before.red + before.orange,
      before.yellow + before.blue,
    ]);
    const standing = await raised(id);
    expect(standing.every(({ severity }) => severity >= 3)).toBe(true);
    // What stands is explained by the new version, what was taken back by the one that had raised it.
    const kept = standing[0]?.household_id as number;
    const gone = county.map((one) => one.id).find((one) => !standing.some(({ household_id }) => household_id === one));
    expect(await alertOf(id, kept)).toMatchObject({ status: 'raised', explanation: { policy: { version: stricter } } });
    expect(await alertOf(id, gone as number)).toMatchObject({
      status: 'withdrawn',
      explanation: { policy: { version: world.policyVersion } },
    });

    // And back again: the households stand as at first.
    await world.shock(hail({ ...over, policyVersion: world.policyVersion, version: 4 }));
    const again = await settledUnder(id, world.policyVersion, 'done');
    expect(again).toMatchObject({ withdrawn: 0, red: before.red, orange: before.orange, yellow: before.yellow });
  });

  it('recalls everything where the shock would only have been recorded', async () => {
    const id = randomUUID();
    await world.shock(hail({ id, policyVersion: world.policyVersion }));
    const before = await world.settled(id, 'done');
    await world.shock(hail({ id, policyVersion: stricter, version: 2, lane: Lane.RECORDED, backwards: true }));
    const after = await world.settled(id, 'recalled');
    expect(after).toMatchObject({ alerted: before.alerted, withdrawn: before.alerted, dropped: before.alerted });
    expect((await fanOutsOf(id)).at(-1)).toMatchObject({ lane: 'bulk', direction: 'withdraw' });
    expect(await raised(id)).toEqual([]);
  });

  it('keeps in the live lane what somebody still waits for', async () => {
    const id = randomUUID();
    await world.shock(hail({ id, policyVersion: world.policyVersion }));
    await world.settled(id, 'done');
    // As if it were so large that it still waited for an officer's word.
    await sql(`UPDATE fan_outs SET state = 'awaiting-confirmation' WHERE origin = $1`, [originOf(id, 'crop-disaster')]);
    await world.shock(hail({ id, policyVersion: stricter, version: 2, backwards: true }));
    await settledUnder(id, stricter, 'done');
    expect((await fanOutsOf(id)).map(({ lane, state }) => [lane, state])).toEqual([
      ['live', 'superseded'],
      ['live', 'done'],
    ]);
  });

  it('leaves an ended shock alone where nobody applied anything to it', async () => {
    const id = randomUUID();
    await world.shock(hail({ id, policyVersion: world.policyVersion }));
    await world.settled(id, 'done');
    await world.shock(hail({ id, policyVersion: stricter, version: 2, state: ShockState.ENDED }));
    await eventually(async () =>
      expect(await sql('SELECT state FROM shocks WHERE shock_id = $1', [id])).toEqual([{ state: 2 }]),
    );
    expect(await fanOutsOf(id)).toHaveLength(1);
  });

  it('is planned no further than it is run: one shock, and only where no slice waits', async () => {
    const [busy, ...shocks] = Array.from({ length: 4 }, () => randomUUID()) as [string, ...string[]];
    for (const id of [busy, ...shocks]) await world.shock(hail({ id, policyVersion: world.policyVersion }));
    for (const id of [busy, ...shocks]) await world.settled(id, 'done');
    // A live slice that waits and that nobody gets: those who claim pass over locked rows.
    const admin = await world.db.open({ url: world.db.adminUrl, poolSize: 1 });
    const runner = admin.dataSource.createQueryRunner();
    const slice = `slice_no = (SELECT min(slice_no) FROM slices WHERE origin = ${originOf(busy, 'crop-disaster')})`;
    await runner.query(
      `UPDATE slices SET state = 'waiting', lease_until = clock_timestamp() + interval '0.3 s' WHERE ${slice}`,
    );
    await runner.startTransaction();
    await runner.query(`SELECT FROM slices WHERE ${slice} FOR UPDATE`);
    await runner.query(`SELECT pg_sleep(0.3)`);

    for (const id of shocks) await world.shock(hail({ id, policyVersion: stricter, version: 2, backwards: true }));
    const lanes = async () =>
      (await Promise.all(shocks.map(fanOutsOf))).map((fanOuts) => fanOuts.at(-1)).map((last) => last?.lane);
    await eventually(async () => expect(await lanes()).toEqual(['bulk', 'bulk', 'bulk']));
    expect(await world.app.get(PlanFanOuts).execute('bulk')).toEqual({ planned: 0, failed: 0, waiting: 0 });
    for (const id of shocks) expect((await fanOutsOf(id)).at(-1)?.state).toBe('waiting');

    await runner.query(`UPDATE slices SET state = 'published', lease_until = NULL WHERE ${slice}`);
    await runner.commitTransaction();
    await runner.release();
    for (const id of shocks) await settledUnder(id, stricter, 'done');
  });

  it('goes on behind shocks that cannot be planned, however many and however often they are tried', async () => {
    const policy = world.app.get(PolicyVersions).current;
    await sql('INSERT INTO policy_versions (version, records) VALUES ($1, $2)', [
      'without-limit',
      JSON.stringify(policy.records.filter(({ key }) => key !== 'confirm-over')),
    ]);
    const bad = Array.from({ length: 12 }, () => randomUUID());
    const good = randomUUID();
    for (const id of [...bad, good]) await world.shock(hail({ id, policyVersion: world.policyVersion }));
    for (const id of [...bad, good]) await world.settled(id, 'done');
    for (const id of bad) await world.shock(hail({ id, policyVersion: 'without-limit', version: 2, backwards: true }));
    const failing = () =>
      sql<{ attempts: number }>(
        `SELECT plan_attempts AS attempts FROM fan_outs WHERE policy_version = 'without-limit' AND state = 'waiting'
           AND plan_error LIKE '%confirm-over%'`,
      );
    await eventually(async () => expect(await failing()).toHaveLength(bad.length));
    // All of them are due again and again, as those of an hour ago would be.
    const admin = await world.db.open({ url: world.db.adminUrl, poolSize: 1 });
    await admin.dataSource.query(`CREATE FUNCTION due_at_once() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN new.plan_after := NULL; RETURN new; END $$`);
    await admin.dataSource.query(`CREATE TRIGGER due_at_once BEFORE UPDATE ON fan_outs FOR EACH ROW
      WHEN (new.plan_error IS NOT NULL) EXECUTE FUNCTION due_at_once()`);
    await sql(`UPDATE fan_outs SET plan_after = NULL WHERE plan_error IS NOT NULL`);
    await world.shock(hail({ id: good, policyVersion: stricter, version: 2, backwards: true }));
    await settledUnder(good, stricter, 'done');
    expect(await failing()).toHaveLength(bad.length);
    await admin.dataSource.query('DROP TRIGGER due_at_once ON fan_outs');
    for (const id of bad) await world.shock(hail({ id, policyVersion: stricter, version: 3, backwards: true }));
    for (const id of bad) await settledUnder(id, stricter, 'done');
  });

  it('never stands before a live shock, however many it touches', async () => {
    const shocks = Array.from({ length: 8 }, () => randomUUID());
    for (const id of shocks) await world.shock(hail({ id, policyVersion: world.policyVersion }));
    for (const id of shocks) await world.settled(id, 'done');
    // Slices of the bulk lane take a while, so that the live shock meets them in the middle.
    const admin = await world.db.open({ url: world.db.adminUrl, poolSize: 1 });
    await admin.dataSource.query(`CREATE FUNCTION pause() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN PERFORM pg_sleep(0.05); RETURN NULL; END $$`);
    await admin.dataSource.query(`CREATE TRIGGER pause AFTER UPDATE ON slices FOR EACH ROW
      WHEN (new.lane = 'bulk' AND new.state = 'stored') EXECUTE FUNCTION pause()`);
    const live = randomUUID();
    for (const id of shocks) await world.shock(hail({ id, policyVersion: stricter, version: 2, backwards: true }));
    await world.shock(hail({ id: live, policyVersion: world.policyVersion }));
    await settledUnder(live, world.policyVersion, 'done');
    const stillOpen = await sql<{ n: number }>(
      `SELECT count(*)::int AS n FROM fan_outs WHERE lane = 'bulk' AND state IN ('waiting', 'running')`,
    );
    expect(stillOpen[0]?.n).toBeGreaterThan(0);
    for (const id of shocks) await settledUnder(id, stricter, 'done');
    const order = await sql<{ shock_id: string; lane: string }>(
      `SELECT o.shock_id, f.lane FROM fan_outs f JOIN origins o USING (origin)
       WHERE o.shock_id = ANY($1::uuid[]) AND (f.lane = 'bulk' OR o.shock_id = $2) ORDER BY f.settled_at`,
      [[...shocks, live], live],
    );
    expect(order).toHaveLength(shocks.length + 1);
    expect(order.at(-1)?.lane).toBe('bulk');
    expect(world.bulk.some(({ shockId }) => shockId === live)).toBe(false);
  });

  /** The ledger once the last fan-out is of that version and in that state. */
  async function settledUnder(shockId: string, version: string, state: string) {
    for (;;) {
      const last = (await fanOutsOf(shockId)).at(-1);
      if (last?.policy_version === version && last.state === state) return world.settled(shockId, state);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
});
