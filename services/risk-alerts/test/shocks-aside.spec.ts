import { randomUUID } from 'node:crypto';
import { Lane, ShockState, type Topic } from '@fangpin/contracts';
import { messagingMigrationsDir, type Bus } from '@fangpin/messaging';
import { cellScope, type Database, type Tx } from '@fangpin/persistence';
import { serviceKitMigrationsDir, type BaseEnv, type Logger } from '@fangpin/service-kit';
import { createTestDatabase, type TestDatabase } from '@fangpin/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { AwaitPolicies } from '../src/fan-out/await-policies.js';
import { asideOf, countAside } from '../src/fan-out/shocks-aside.js';
import { TakeShock } from '../src/fan-out/take-shock.js';
import { Wakeups } from '../src/fan-out/wakeups.js';
import { PolicyVersions } from '../src/policy/policy-versions.js';
import { hail, revision, YIJIU, type ShockSpec } from './support/world.js';

const MIGRATIONS = fileURLToPath(new URL('../migrations', import.meta.url));
const WIDE = '532327';
const NARROW = String(YIJIU);
const { ENDED, CANCELLED } = ShockState;

describe('revisions of a policy version that is not known here', () => {
  const env = { cellRegion: undefined, policyOverlay: undefined } as unknown as BaseEnv;
  const logged: object[] = [];
  const log = { error: (what: object) => void logged.push(what) } as unknown as Logger;
  let db: TestDatabase;
  let database: Database;
  let takeShock: TakeShock;
  let awaitPolicies: AwaitPolicies;
  let current: string;
  /** What is asked of Kafka, and whether it answers. */
  let asked: Topic[];
  let kafkaIsAway: boolean;
  let id: string;
  let unknown: string;

  beforeAll(async () => {
    db = await createTestDatabase('risk-alerts', {
      migrationsDirs: [messagingMigrationsDir, serviceKitMigrationsDir, MIGRATIONS],
    });
    database = await db.open({ poolSize: 3 });
    const policies = new PolicyVersions(env, database);
    await policies.onModuleInit();
    current = policies.current.version;
    const bus = {
      endOffsets: (topic: Topic) => {
        asked.push(topic);
        return kafkaIsAway ? Promise.reject(new Error('Kafka is away')) : Promise.resolve(new Map());
      },
    } as unknown as Bus;
    takeShock = new TakeShock(bus, policies);
    awaitPolicies = new AwaitPolicies(database, takeShock, new Wakeups(), env, log);
  });
  afterAll(() => db.drop());
  beforeEach(async () => {
    await sql('DELETE FROM shocks_awaiting_policy');
    id = randomUUID();
    unknown = `of-tomorrow-${id}`;
    [asked, kafkaIsAway] = [[], false];
    logged.length = 0;
  });

  const transaction = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => database.transaction(cellScope('spec'), work);
  const sql = <Row extends Record<string, unknown>>(text: string, values: unknown[] = []): Promise<Row[]> =>
    transaction((tx) => tx.query<Row>(text, values));
  const load = async (version: string): Promise<void> => {
    await sql(
      'INSERT INTO policy_versions (version, records) SELECT $1, records FROM policy_versions WHERE version = $2',
      [version, current],
    );
    await awaitPolicies.execute();
  };
  const says = (version: number, policyVersion: string, region: string, more: Partial<ShockSpec> = {}): Promise<void> =>
    transaction((tx) => takeShock.execute([hail({ id, version, policyVersion, regions: [region], ...more })], tx));
  const aside = (): Promise<unknown[]> =>
    sql('SELECT revision FROM shocks_awaiting_policy WHERE shock_id = $1 ORDER BY revision', [id]);
  const of = (...versions: number[]): unknown[] => versions.map((version) => ({ revision: revision(version) }));
  const known = async (): Promise<unknown> =>
    (await sql('SELECT revision, state FROM shocks WHERE shock_id = $1', [id]))[0];
  /** The revision by which households are judged. */
  const judgedBy = (): Promise<unknown[]> =>
    sql(
      `SELECT shock_revision AS revision FROM fan_outs f JOIN origins o USING (origin)
       WHERE o.shock_id = $1 AND f.direction = 'raise' AND f.state = 'waiting'`,
      [id],
    );

  it('are judged one after the other: whom only the wide one endangers is found, though its end names fewer', async () => {
    await says(1, current, NARROW);
    await says(2, unknown, WIDE);
    await says(3, unknown, NARROW, { state: ENDED });
    expect(await aside()).toEqual(of(2, 3));
    await load(unknown);
    expect(await judgedBy()).toEqual(of(2));
    expect(await known()).toEqual({ revision: revision(3), state: ENDED });
    expect(await aside()).toEqual([]);
  });

  it('are so where the shock was never heard of before', async () => {
    await says(1, unknown, WIDE);
    await says(2, unknown, NARROW, { state: ENDED });
    await load(unknown);
    expect(await judgedBy()).toEqual(of(1));
    expect(await known()).toEqual({ revision: revision(2), state: ENDED });
  });

  it('have the end wait behind them, though that is of a version that is known', async () => {
    await says(1, current, NARROW);
    await says(2, unknown, WIDE);
    await says(3, current, NARROW, { state: ENDED });
    await awaitPolicies.execute();
    expect(await judgedBy()).toEqual(of(1));
    expect(await known()).toEqual({ revision: revision(1), state: ShockState.OPEN });
    expect(await transaction((tx) => asideOf(tx, id))).toMatchObject({ policyVersion: unknown });
    await load(unknown);
    expect(await judgedBy()).toEqual(of(2));
    expect(await known()).toEqual({ revision: revision(3), state: ENDED });
  });

  it.each([
    ['is open', {}],
    ['applies a policy backwards', { state: ENDED, backwards: true }],
    ['calls it off', { state: CANCELLED }],
  ])('are given up for a later one that %s: it says all anew', async (_, anew) => {
    await says(1, unknown, WIDE);
    await says(2, current, NARROW, { state: ENDED });
    await says(3, current, NARROW, anew);
    expect(await aside()).toEqual([]);
    expect(await known()).toMatchObject({ revision: revision(3) });
  });

  it('are judged by the version that comes first, until those after them can be', async () => {
    await says(1, unknown, NARROW);
    await says(2, unknown, WIDE);
    await says(3, `${unknown}-but-one`, NARROW);
    expect(await aside()).toEqual(of(2, 3));
    await load(unknown);
    expect(await judgedBy()).toEqual(of(2));
    await load(`${unknown}-but-one`);
    expect(await judgedBy()).toEqual(of(3));
  });

  it('count while they may alert somebody: not once they are called off, nor outside the alert lane', async () => {
    await says(1, unknown, WIDE);
    await says(2, unknown, NARROW, { state: ENDED });
    expect(await transaction(countAside)).toBe(1);
    await says(3, unknown, WIDE, { state: CANCELLED });
    expect([await aside(), await transaction(countAside)]).toEqual([[], 0]);
    expect(await known()).toEqual({ revision: revision(3), state: CANCELLED });

    id = randomUUID();
    await says(1, unknown, WIDE);
    await says(2, unknown, WIDE, { lane: Lane.NOTICE });
    // Another policy may be tried on it, once its own is known.
    expect([await aside(), await transaction(countAside)]).toEqual([of(2), 0]);
    expect(await transaction((tx) => asideOf(tx, id))).toBeUndefined();
    await load(unknown);
    expect(await known()).toMatchObject({ revision: revision(2) });
  });

  describe('by the hundred', () => {
    const MANY = 250;
    const waiting = async (): Promise<number> =>
      (await sql('SELECT FROM shocks_awaiting_policy WHERE policy_version = $1', [unknown])).length;
    beforeEach(() =>
      transaction((tx) =>
        takeShock.execute(
          Array.from({ length: MANY }, () => hail({ id: randomUUID(), policyVersion: unknown })),
          tx,
        ),
      ),
    );

    it('go on with one look at Kafka for each hundred', async () => {
      await load(unknown);
      expect(await waiting()).toBe(0);
      // Of two topics.
      expect(asked).toHaveLength(2 * Math.ceil(MANY / 100));
    });

    it('make one error of it where Kafka does not answer', async () => {
      kafkaIsAway = true;
      await expect(load(unknown)).rejects.toThrow('Kafka is away');
      expect([asked.length, logged.length, await waiting()]).toEqual([1, 0, MANY]);
    });

    it('go on behind those that cannot be read, which are told of once in a round', async () => {
      await sql(
        `UPDATE shocks_awaiting_policy SET shock = '\\xffff' WHERE shock_id IN (
           SELECT shock_id FROM shocks_awaiting_policy WHERE policy_version = $1 ORDER BY received_at, shock_id LIMIT 120)`,
        [unknown],
      );
      await load(unknown);
      expect(await waiting()).toBe(120);
      expect(logged).toMatchObject([{ shocks: 120 }]);
    });
  });
});
