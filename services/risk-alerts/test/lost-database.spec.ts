import { randomUUID } from 'node:crypto';
import { originOf } from '@fangpin/domain-kit';
import { cellScope, type Database } from '@fangpin/persistence';
import { eventually } from '@fangpin/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { SilentLine } from './support/silent-line.js';
import { assessment, hail, profile, type HouseholdSpec } from './support/world.js';

const LEASE_SECONDS = 1;
/** The row at which the COPY of a slice waits, with those before it written and not committed. */
const HALF_WAY = 20;
const GATE = 57_000;
const village: HouseholdSpec[] = Array.from({ length: 40 }, (_, i) => ({
  id: i + 1,
  maize: 300,
  perCapitaYuan: i % 4 === 0 ? 90_000 : 8_000,
}));

describe('a slice whose holder loses the database', () => {
  const line = new SilentLine();
  let world: World;
  let admin: Database;
  let name: string;
  let shut: ReturnType<Database['dataSource']['createQueryRunner']>;

  beforeAll(async () => {
    world = await startWorld({
      env: { FANGPIN_SLICE_LEASE_SECONDS: String(LEASE_SECONDS) },
      writerUrl: (address) => line.to(address),
    });
    admin = await world.db.open({ url: world.db.adminUrl, poolSize: 2 });
    const [row] = await admin.dataSource.query<{ name: string }[]>('SELECT current_database() AS name');
    name = row?.name ?? '';
    await admin.dataSource.query(`CREATE FUNCTION wait_half_way() RETURNS trigger LANGUAGE plpgsql AS
      'BEGIN PERFORM pg_advisory_xact_lock_shared(${GATE}); RETURN NEW; END'`);
    await admin.dataSource.query(`CREATE TRIGGER half_way BEFORE INSERT ON alerts FOR EACH ROW
      WHEN (NEW.household_id = ${HALF_WAY}) EXECUTE FUNCTION wait_half_way()`);
    await world.households(village.map(profile), village.map(assessment));
  });
  afterAll(async () => {
    await admin.close();
    await world.stop();
    await line.close();
  });
  beforeEach(async () => {
    shut = admin.dataSource.createQueryRunner();
    await shut.connect();
    await shut.query(`SELECT pg_advisory_lock(${GATE})`);
  });
  afterEach(() => shut.release());

  const open = (): Promise<unknown> => shut.query(`SELECT pg_advisory_unlock(${GATE})`);
  /** Begins a fan-out, and answers the backend that stands half way through its COPY. */
  const halfWay = async (id: string): Promise<number> => {
    await world.shock(hail({ id, policyVersion: world.policyVersion }));
    return eventually(async () => {
      const [row] = await admin.dataSource.query<{ pid: number }[]>(
        `SELECT pid FROM pg_stat_activity WHERE datname = $1 AND wait_event = 'advisory' AND query LIKE 'COPY alerts%'`,
        [name],
      );
      if (row === undefined) throw new Error('no slice is half way');
      return row.pid;
    });
  };
  const sliceOf = async (id: string): Promise<Record<string, unknown> | undefined> => {
    const [slice] = await admin.transaction(cellScope('spec'), (tx) =>
      tx.query('SELECT state, attempts, claimed_by AS holder FROM slices WHERE origin = $1', [
        originOf(id, 'crop-disaster'),
      ]),
    );
    return slice;
  };
  /** Each household stands once: among the alerts under one revision, or among the withheld; and each alert was said once. */
  const expectAllOnce = async (id: string): Promise<void> => {
    const ledger = await world.settled(id, 'done');
    expect(ledger).toMatchObject({ exposed: village.length, alerted: 30, withheld: 10, published: 30, listed: 30 });
    const origin = originOf(id, 'crop-disaster');
    const [rows] = await admin.transaction(cellScope('spec'), (tx) =>
      tx.query<{ alerts: number; withheld: number; slices: number }>(
        `SELECT (SELECT count(*)::int FROM alerts WHERE origin = $1) AS alerts,
           (SELECT coalesce(sum(cardinality(household_ids)), 0)::int FROM withheld WHERE origin = $1) AS withheld,
           (SELECT count(*)::int FROM slices WHERE origin = $1) AS slices`,
        [origin],
      ),
    );
    expect(rows).toEqual({ alerts: 30, withheld: 10, slices: 1 });
    const said = world.batches.filter(({ shockId }) => shockId === id).flatMap(({ householdIds }) => householdIds);
    expect([said.length, new Set(said).size]).toEqual([30, 30]);
  };

  it('in the middle of its COPY is given back, and done once', async () => {
    const id = randomUUID();
    const pid = await halfWay(id);
    await admin.dataSource.query('SELECT pg_terminate_backend($1)', [pid]);
    await open();
    await expectAllOnce(id);
    expect(await sliceOf(id)).toMatchObject({ state: 'published', attempts: 2 });
  });

  it('for longer than its lease is done once when the database is back', async () => {
    const id = randomUUID();
    await halfWay(id);
    const holder = (await sliceOf(id))?.['holder'];
    // The roles of the service are let in no more; the spec's own is a superuser's.
    await admin.dataSource.query(`ALTER DATABASE "${name}" CONNECTION LIMIT 0`);
    await admin.dataSource.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND usename <> current_user`,
      [name],
    );
    // It could not even be given back: the lease alone tells that nobody has it.
    await eventually(async () =>
      expect(
        await admin.dataSource.query(
          `SELECT FROM slices WHERE origin = $1 AND lease_until < clock_timestamp() - interval '${LEASE_SECONDS} seconds'`,
          [originOf(id, 'crop-disaster')],
        ),
      ).toHaveLength(1),
    );
    expect(await sliceOf(id)).toEqual({ state: 'claimed', attempts: 1, holder });
    await open();
    await admin.dataSource.query(`ALTER DATABASE "${name}" CONNECTION LIMIT -1`);
    await expectAllOnce(id);
    expect(await sliceOf(id)).toMatchObject({ state: 'published' });
  });

  it('to a second instance, which takes it meanwhile, stores nothing of its own', async () => {
    const id = randomUUID();
    const pid = await halfWay(id);
    // What another instance does that finds the lease run out; this one does not renew it any more.
    await admin.transaction(cellScope('spec'), (tx) =>
      tx.execute(
        `UPDATE slices SET claimed_by = 'another instance', attempts = attempts + 1,
           lease_until = clock_timestamp() + interval '3 seconds' WHERE origin = $1`,
        [originOf(id, 'crop-disaster')],
      ),
    );
    await admin.dataSource.query('SELECT pg_terminate_backend($1)', [pid]);
    // Its failure gives back nothing that is the other's.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(await sliceOf(id)).toEqual({ state: 'claimed', attempts: 2, holder: 'another instance' });
    await open();
    await expectAllOnce(id);
    expect(await sliceOf(id)).toMatchObject({ state: 'published', attempts: 3 });
  });

  it('without a word, as when its host is gone, is given back all the same, and done once', async () => {
    const id = randomUUID();
    await halfWay(id);
    line.fallSilent();
    await open();
    // Its lease is renewed for a while: it might be slow.
    await new Promise((resolve) => setTimeout(resolve, 3_000 * LEASE_SECONDS));
    // Where the machine stalls, its lease may run out, and another worker of the instance try it.
    expect(await sliceOf(id)).toMatchObject({ state: 'claimed' });
    await expectAllOnce(id);
    expect(await sliceOf(id)).toMatchObject({ state: 'published' });
  });
});
