import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ShockState, topics } from '@fangpin/contracts';
import { cellScope } from '@fangpin/persistence';
import { METRICS, type Registry } from '@fangpin/service-kit';
import { eventually } from '@fangpin/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { FanOutResponse } from '../src/ledger/fan-out.response.js';
import { WatchStuckSlices } from '../src/ledger/watch-stuck-slices.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import {
  assessment,
  damaged,
  hail,
  layOff,
  profile,
  revision,
  YIJIU,
  YONGDING,
  type HouseholdSpec,
} from './support/world.js';

const village: HouseholdSpec[] = Array.from({ length: 20 }, (_, i) => ({
  id: i + 1,
  township: YONGDING,
  maize: 300,
  perCapitaYuan: 8_000,
}));
const late: HouseholdSpec = { id: 901, township: YONGDING, maize: 600, perCapitaYuan: 7_500 };
/** Of a township in which nobody was known. */
const elsewhere: HouseholdSpec = { ...late, id: 902, township: YIJIU };

/** The exposure seems not to have read the last messages of the register until it is let go on. */
async function heldBack(world: World): Promise<() => Promise<void>> {
  const progress = `consumer = 'risk-alerts' AND topic = '${topics.household.name}'`;
  const run = (sql: string): Promise<number> => world.database.transaction(cellScope('spec'), (tx) => tx.execute(sql));
  await world.heard(topics.household);
  await world.heard(topics.assessment);
  await run(`UPDATE consumer_progress SET next_offset = next_offset - 1 WHERE ${progress} AND next_offset > 0`);
  return async () => {
    const ends = await world.bus.endOffsets(topics.household);
    for (const [partition, end] of ends)
      await run(`UPDATE consumer_progress SET next_offset = ${end} WHERE ${progress} AND partition_no = ${partition}`);
  };
}

async function ledgerOf(world: World, id: string): Promise<FanOutResponse> {
  const headers = { authorization: `Bearer ${await world.token()}` };
  const response = await world.app.inject({ url: `/v1/shocks/${id}/fan-out`, headers });
  return response.json<FanOutResponse>();
}

const shown = (world: World, id: string, as: object): Promise<void> =>
  eventually(async () => expect(await ledgerOf(world, id)).toMatchObject(as));

async function gauge(world: World): Promise<number | undefined> {
  await world.app.get(WatchStuckSlices).execute();
  const figure = world.app.get<Registry>(METRICS).getSingleMetric('fangpin_fan_outs_awaiting_exposure');
  return (await figure?.get())?.values[0]?.value;
}

const query = <Row extends Record<string, unknown>>(
  world: World,
  sql: string,
  values: unknown[] = [],
): Promise<Row[]> => world.database.transaction(cellScope('spec'), (tx) => tx.query<Row>(sql, values));

/** Known to the exposure, which is still said to be behind. */
async function arrive(world: World, specs: readonly HouseholdSpec[]): Promise<void> {
  await world.households(specs.map(profile), specs.map(assessment));
  await eventually(async () =>
    expect(
      await query(
        world,
        'SELECT 1 FROM exposure_a WHERE household_id = ANY($1::bigint[]) AND active AND per_capita_fen IS NOT NULL',
        [specs.map(({ id }) => id)],
      ),
    ).toHaveLength(specs.length),
  );
}

/** Whoever plans from now on has counted the townships, and comes no further until it is let go on. */
async function stopBetweenCountingAndSlices(
  world: World,
): Promise<{ reached(): Promise<void>; goOn(): Promise<void> }> {
  const admin = await world.db.open({ url: world.db.adminUrl, poolSize: 1 });
  const runner = admin.dataSource.createQueryRunner();
  await runner.query(`CREATE FUNCTION stop_here() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN PERFORM pg_advisory_xact_lock(4711); RETURN NEW; END'`);
  await runner.query(`CREATE TRIGGER stop_here BEFORE INSERT ON slices FOR EACH ROW WHEN (NEW.direction = 'raise')
    EXECUTE FUNCTION stop_here()`);
  await runner.query('SELECT pg_advisory_lock(4711)');
  return {
    reached: () =>
      eventually(async () =>
        expect(
          await runner.query(
            `SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = 4711 AND NOT granted
             AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
          ),
        ).toHaveLength(1),
      ),
    async goOn() {
      await runner.query('SELECT pg_advisory_unlock(4711)');
      await runner.query('DROP TRIGGER stop_here ON slices');
      await runner.query('DROP FUNCTION stop_here');
      await runner.release();
      await admin.close();
    },
  };
}

describe('a shock that is accepted while the exposure reads on', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
    await world.households(village.map(profile), village.map(assessment));
  });
  afterAll(() => world.stop());

  it('waits for it, and says so with what is still to be read', async () => {
    const letGo = await heldBack(world);
    const id = randomUUID();
    await world.shock(hail({ id, policyVersion: world.policyVersion }));
    await shown(world, id, { state: 'waiting', awaits: { code: 'FAN_OUT.AWAITS_EXPOSURE' } });
    expect((await ledgerOf(world, id)).awaits?.unread).toBeGreaterThan(0);
    expect(await gauge(world)).toBe(1);
    await letGo();
    expect((await world.settled(id, 'done')).exposed).toBe(village.length);
    expect((await ledgerOf(world, id)).awaits).toBeNull();
    expect(await gauge(world)).toBe(0);
  });

  it('misses nobody who moves in while it is planned, to a township that is not among those counted', async () => {
    const planning = await stopBetweenCountingAndSlices(world);
    const id = randomUUID();
    await world.shock(hail({ id, policyVersion: world.policyVersion }));
    await planning.reached();
    await arrive(world, [elsewhere]);
    // The loop of changed households looks more often.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await planning.goOn();
    await eventually(async () => expect((await world.settled(id, 'done')).exposed).toBe(village.length + 1));
  });
});

describe('a shock that has waited long enough for the exposure', () => {
  let world: World;
  let letGo: () => Promise<void>;
  beforeEach(async () => {
    world = await startWorld({ env: { FANGPIN_AWAIT_EXPOSURE_SECONDS: '0' } });
    await world.households(village.map(profile), village.map(assessment));
    letGo = await heldBack(world);
  });
  afterEach(() => world.stop());

  const behind = { code: 'FAN_OUT.BEHIND_EXPOSURE' };
  const arrives = (...specs: HouseholdSpec[]): Promise<void> => arrive(world, specs);
  /** Its end, heard by this service. */
  const ends = async (id: string): Promise<void> => {
    await world.shock(hail({ id, policyVersion: world.policyVersion, version: 2, state: ShockState.ENDED }));
    await eventually(async () =>
      expect(await query(world, 'SELECT revision FROM shocks WHERE shock_id = $1 AND state = 2', [id])).toEqual([
        { revision: revision(2) },
      ]),
    );
  };

  it('alerts whom it knows, and settles once whoever was read later has been looked at too', async () => {
    const id = randomUUID();
    await world.shock(hail({ id, policyVersion: world.policyVersion }));
    await shown(world, id, { state: 'running', alerted: village.length, listed: village.length, awaits: behind });
    expect(await gauge(world)).toBe(1);
    await arrives(late);
    await letGo();
    expect(await world.settled(id, 'done')).toMatchObject({ exposed: village.length + 1, listed: village.length + 1 });
    expect((await ledgerOf(world, id)).awaits).toBeNull();
    expect(await gauge(world)).toBe(0);
  });

  it('waits all the same where it says what was lost in figures: they are shares of all that stands', async () => {
    const id = randomUUID();
    // 60 mu stand as far as is known, and as many more come with a household that is read late.
    await world.shock(damaged({ id, policyVersion: world.policyVersion }, 55, 55));
    const waits = { state: 'waiting', awaits: { code: 'FAN_OUT.AWAITS_EXPOSURE' } };
    await shown(world, id, waits);
    await arrives({ ...late, maize: 6_000 });
    expect(await ledgerOf(world, id)).toMatchObject(waits);
    await letGo();
    expect((await world.settled(id, 'done')).exposed).toBe(village.length + 1);
    const standing = await query(world, 'SELECT standing FROM fan_outs');
    expect(standing).toEqual([{ standing: [village.length * 300 + 6_000] }]);
  });

  it('waits where it counts whom it let go, of all who work there', async () => {
    const id = randomUUID();
    await world.shock(layOff({ id, policyVersion: world.policyVersion, regions: ['4419'] }, { persons: 1 }));
    const waits = { state: 'waiting', awaits: { code: 'FAN_OUT.AWAITS_EXPOSURE' } };
    await shown(world, id, waits);
    await arrives({ ...late, jobs: [{ branch: 201, place: '4419', persons: 2 }] });
    expect(await ledgerOf(world, id)).toMatchObject(waits);
    await letGo();
    expect((await world.settled(id, 'done')).exposed).toBe(1);
    expect(await query(world, 'SELECT standing FROM fan_outs')).toEqual([{ standing: [2] }]);
  });

  it('goes on where it ends, and until it has caught up looks at who is read late', async () => {
    const id = randomUUID();
    await world.shock(hail({ id, policyVersion: world.policyVersion }));
    await shown(world, id, { state: 'running', alerted: village.length, listed: village.length, awaits: behind });
    await ends(id);
    await arrives(elsewhere);
    const still = { state: 'running', revision: revision(1), awaits: behind };
    await shown(world, id, { ...still, alerted: village.length + 1, listed: village.length + 1 });
    await letGo();
    expect(await world.settled(id, 'done')).toMatchObject({ exposed: village.length + 1, withdrawn: 0 });
    await arrives({ ...elsewhere, id: 903 });
    expect(await query(world, 'SELECT FROM relooks')).toEqual([]);
    expect((await ledgerOf(world, id)).exposed).toBe(village.length + 1);
  });

  it('misses nobody where it ends at the moment in which it is planned', async () => {
    const planning = await stopBetweenCountingAndSlices(world);
    const id = randomUUID();
    await world.shock(hail({ id, policyVersion: world.policyVersion }));
    await planning.reached();
    await ends(id);
    await arrives(elsewhere);
    await planning.goOn();
    await shown(world, id, { state: 'running', awaits: behind });
    await arrives(late);
    await letGo();
    expect((await world.settled(id, 'done')).exposed).toBe(village.length + 2);
  });

  it('is planned, and finds them all, where it ends before', async () => {
    const planning = await stopBetweenCountingAndSlices(world);
    const first = randomUUID();
    await world.shock(hail({ id: first, policyVersion: world.policyVersion }));
    await planning.reached();
    // The loop is held at the first one.
    const id = randomUUID();
    await world.shock(hail({ id, policyVersion: world.policyVersion }));
    await ends(id);
    await planning.goOn();
    await shown(world, id, { state: 'running', revision: revision(1), alerted: village.length, awaits: behind });
    await arrives(elsewhere);
    await letGo();
    expect((await world.settled(id, 'done')).exposed).toBe(village.length + 1);
  });

  it('catches up though a household cannot be looked at, and another shock cannot catch up', async () => {
    const broken = randomUUID();
    await world.shock(hail({ id: broken, policyVersion: world.policyVersion }));
    await shown(world, broken, { state: 'running', listed: village.length, awaits: behind });
    const id = randomUUID();
    await world.shock(hail({ id, policyVersion: world.policyVersion }));
    await shown(world, id, { state: 'running', listed: village.length, awaits: behind });
    await query(
      world,
      `UPDATE fan_outs SET policy_version = 'lost' WHERE origin IN (SELECT origin FROM origins WHERE shock_id = $1)`,
      [broken],
    );
    await query(
      world,
      `INSERT INTO relooks (household_id, duty_code, attempts, look_after) VALUES (3, 532327101201000, 7, now() + interval '1 hour')`,
    );
    await letGo();
    await world.settled(id, 'done');
    await shown(world, broken, { state: 'running', awaits: behind });
  });

  it('catches up though other households change all the time, after the exposure has read what it waits for', async () => {
    const id = randomUUID();
    await world.shock(hail({ id, policyVersion: world.policyVersion }));
    await shown(world, id, { state: 'running', listed: village.length, awaits: behind });
    // As one that stands in the queue whenever somebody looks.
    await query(
      world,
      `INSERT INTO relooks (household_id, duty_code, look_after, changed_at)
       VALUES (3, 532327101201000, now() + interval '1 hour', now() + interval '1 hour')`,
    );
    await letGo();
    await world.settled(id, 'done');
  });
});

describe('a shock of which is known too late that it is more than may pass unseen', () => {
  const overlay = mkdtempSync(join(tmpdir(), 'unasked-'));
  let world: World;
  beforeAll(async () => {
    const record = {
      key: 'confirm-over',
      region: '5323',
      from: '2020-01-01',
      value: { households: village.length + 5 },
    };
    const told = { source: { document: 'a spec', grade: 'G' }, author: 'a spec', reason: 'a spec' };
    writeFileSync(join(overlay, 'confirm.json'), JSON.stringify([{ ...record, ...told }]));
    world = await startWorld({ env: { FANGPIN_AWAIT_EXPOSURE_SECONDS: '0', FANGPIN_POLICY_OVERLAY: overlay } });
    await world.households(village.map(profile), village.map(assessment));
  });
  afterAll(async () => {
    await world.stop();
    rmSync(overlay, { recursive: true });
  });

  it('says so in its ledger', async () => {
    const letGo = await heldBack(world);
    const id = randomUUID();
    await world.shock(hail({ id, policyVersion: world.policyVersion }));
    await shown(world, id, { state: 'running', listed: village.length, awaits: { code: 'FAN_OUT.BEHIND_EXPOSURE' } });
    expect((await ledgerOf(world, id)).problems).toEqual([]);
    await arrive(
      world,
      Array.from({ length: 10 }, (_, i) => ({ ...late, id: 910 + i })),
    );
    await letGo();
    await world.settled(id, 'done');
    expect(await ledgerOf(world, id)).toMatchObject({
      candidates: village.length + 10,
      problems: [{ code: 'FAN_OUT.PASSED_UNASKED', cause: 'crop-disaster', attempts: 0, nextTryAt: null }],
    });
  });

  const arrives = (from: number, n: number): Promise<void> =>
    arrive(
      world,
      Array.from({ length: n }, (_, i) => ({ ...late, id: from + i })),
    );
  const confirm = async (id: string): Promise<void> => {
    await shown(world, id, { state: 'awaiting-confirmation' });
    const headers = { authorization: `Bearer ${await world.token()}` };
    expect((await world.app.inject({ method: 'POST', url: `/v1/shocks/${id}/confirm`, headers })).statusCode).toBe(200);
  };
  const outgrown = (households: number, more: number) => ({
    candidates: households + more,
    confirmation: { households },
    problems: [{ code: 'FAN_OUT.PASSED_UNASKED', text: expect.stringMatching(/（庄稼受灾），明显超出县级确认的范围/) }],
  });

  it('or than was confirmed of an earlier revision, says so too', async () => {
    const known = village.length + 10;
    const id = randomUUID();
    await world.shock(hail({ id, policyVersion: world.policyVersion }));
    await confirm(id);
    await world.settled(id, 'done');
    const letGo = await heldBack(world);
    await world.shock(hail({ id, policyVersion: world.policyVersion, version: 2 }));
    const carried = { confirmation: { households: known, carriedOver: true }, problems: [] };
    await shown(world, id, { state: 'running', awaits: { code: 'FAN_OUT.BEHIND_EXPOSURE' }, ...carried });
    await arrives(930, 10);
    await letGo();
    await world.settled(id, 'done');
    expect(await ledgerOf(world, id)).toMatchObject(outgrown(known, 10));
  });

  it('or than was confirmed while not all were known, says so too', async () => {
    const known = village.length + 20;
    const letGo = await heldBack(world);
    const id = randomUUID();
    await world.shock(hail({ id, policyVersion: world.policyVersion }));
    await confirm(id);
    await shown(world, id, { state: 'running', awaits: { code: 'FAN_OUT.BEHIND_EXPOSURE' }, problems: [] });
    await arrives(940, 10);
    await letGo();
    await world.settled(id, 'done');
    expect(await ledgerOf(world, id)).toMatchObject(outgrown(known, 10));
  });

  it('or than were known when it was confirmed, says so too', async () => {
    const known = village.length + 30;
    const id = randomUUID();
    await world.shock(hail({ id, policyVersion: world.policyVersion }));
    await shown(world, id, { state: 'awaiting-confirmation', candidates: known });
    await arrives(950, 10);
    await confirm(id);
    await world.settled(id, 'done');
    expect(await ledgerOf(world, id)).toMatchObject(outgrown(known, 10));
  });
});
