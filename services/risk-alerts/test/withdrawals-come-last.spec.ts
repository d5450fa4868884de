import { randomUUID } from 'node:crypto';
import { topics } from '@fangpin/contracts';
import { originOf } from '@fangpin/domain-kit';
import { cellScope, type Database } from '@fangpin/persistence';
import type { PolicyRecord } from '@fangpin/policy';
import { eventually } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FanOutResponse } from '../src/ledger/fan-out.response.js';
import { WatchStuckSlices } from '../src/ledger/watch-stuck-slices.js';
import { PolicyVersions } from '../src/policy/policy-versions.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { assessment, hail, profile, revision, type HouseholdSpec } from './support/world.js';

const ELSEWHERE = '532301101';
const GATE = 61_000;
const SLICE = 5;
const village: HouseholdSpec[] = Array.from({ length: 20 }, (_, i) => ({
  id: i + 1,
  maize: 300,
  perCapitaYuan: 8_000,
}));
const WITHDRAWALS = village.length / SLICE;

describe('what a later revision withdraws', () => {
  let world: World;
  let admin: Database;

  beforeAll(async () => {
    world = await startWorld({ sliceHouseholds: SLICE });
    admin = await world.db.open({ url: world.db.adminUrl, poolSize: 2 });
    await world.households(village.map(profile), village.map(assessment));
  });
  afterAll(async () => {
    await admin.close();
    await world.stop();
  });

  const sql = <Row extends Record<string, unknown>>(text: string, values: unknown[] = []): Promise<Row[]> =>
    world.database.transaction(cellScope('spec'), (tx) => tx.query<Row>(text, values));
  const raised = async (): Promise<string> => {
    const id = randomUUID();
    await world.shock(hail({ id, policyVersion: world.policyVersion }));
    expect(await world.settled(id, 'done')).toMatchObject({ alerted: village.length });
    return id;
  };
  const ofSecond = (id: string): [origin: number, revision: number] => [originOf(id, 'crop-disaster'), revision(2)];

  it('is not tried before somebody is judged, pages nobody, and says what it waits for', async () => {
    const id = await raised();
    const lineElsewhere = (record: PolicyRecord): PolicyRecord =>
      record.key === 'monitoring-line' ? { ...record, region: ELSEWHERE as PolicyRecord['region'] } : record;
    await sql('INSERT INTO policy_versions (version, records) VALUES ($1, $2)', [
      'line-elsewhere',
      JSON.stringify(world.app.get(PolicyVersions).current.records.map(lineElsewhere)),
    ]);
    await world.shock(hail({ id, version: 2, policyVersion: 'line-elsewhere' }));
    const left = { state: 'waiting', attempts: 0, waits: true };
    await eventually(async () =>
      expect(
        await sql(
          `SELECT state, attempts, lease_until = 'infinity' AS waits FROM slices WHERE origin = $1 AND shock_revision = $2
             AND direction = 'withdraw' AND state <> 'published' AND last_error IS NOT NULL`,
          ofSecond(id),
        ),
      ).toEqual(Array.from({ length: WITHDRAWALS }, () => left)),
    );
    await sql(`UPDATE slices SET created_at = now() - interval '1 hour' WHERE origin = $1`, [ofSecond(id)[0]]);
    const headers = { authorization: `Bearer ${await world.token()}` };
    const awaits = { code: 'SLICE.AWAITS_JUDGEMENT', text: '等待本次通报研判完成后再撤回' };
    // Now and then what is to be raised is just being tried again.
    await eventually(async () => {
      expect(await world.app.get(WatchStuckSlices).execute()).toBe(0);
      const { stuck } = (await world.app.inject({ url: `/v1/shocks/${id}/fan-out`, headers })).json<FanOutResponse>();
      expect(stuck.filter(({ reason }) => reason.code !== 'SLICE.AWAITS_POLICY')).toMatchObject(
        Array.from({ length: WITHDRAWALS }, () => ({ reason: awaits, nextTryAt: null })),
      );
    });

    await world.shock(hail({ id, version: 3, policyVersion: world.policyVersion }));
    expect(await world.settled(id, 'done')).toMatchObject({ alerted: village.length, withdrawn: 0 });
  });

  it('keeps no other shock from being planned', async () => {
    const id = await raised();
    const [origin, second] = ofSecond(id);
    // What it raises is stored when the gate opens; what it withdraws takes a while.
    await admin.dataSource.query(`CREATE FUNCTION hold_up() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN
        IF new.direction = 'raise' THEN PERFORM pg_advisory_xact_lock_shared(${GATE}); ELSE PERFORM pg_sleep(0.2); END IF;
        RETURN new;
      END $$`);
    await admin.dataSource.query(`CREATE TRIGGER hold_up BEFORE UPDATE ON slices FOR EACH ROW
      WHEN (new.origin = ${origin} AND new.shock_revision = ${second} AND new.state = 'stored') EXECUTE FUNCTION hold_up()`);
    const gate = admin.dataSource.createQueryRunner();
    await gate.connect();
    await gate.query(`SELECT pg_advisory_lock(${GATE})`);
    await world.shock(hail({ id, version: 2, policyVersion: world.policyVersion }));
    await eventually(async () =>
      expect(
        await sql(`SELECT FROM slices WHERE origin = $1 AND shock_revision = $2 AND state = 'claimed'`, [
          origin,
          second,
        ]),
      ).toHaveLength(1),
    );
    const next = randomUUID();
    await world.shock(hail({ id: next, policyVersion: world.policyVersion }));
    await world.heard(topics.shock);
    await gate.query(`SELECT pg_advisory_unlock(${GATE})`);
    await gate.release();
    await world.settled(id, 'done');
    await world.settled(next, 'done');
    const [row] = await sql<{ later: number }>(
      `SELECT count(*)::int AS later FROM slices s WHERE s.origin = $1 AND s.shock_revision = $2 AND s.direction = 'withdraw'
         AND s.stored_at > (SELECT f.planned_at FROM fan_outs f WHERE f.origin = $3)`,
      [origin, second, originOf(next, 'crop-disaster')],
    );
    expect(row?.later).toBeGreaterThan(0);
  });
});
