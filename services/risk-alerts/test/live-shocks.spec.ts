import { randomUUID } from 'node:crypto';
import { ShockState, topics } from '@fangpin/contracts';
import { cellScope } from '@fangpin/persistence';
import { METRICS, ServiceConsumers, type Registry } from '@fangpin/service-kit';
import { eventually } from '@fangpin/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { AwaitPolicies } from '../src/fan-out/await-policies.js';
import { WaitingFindings } from '../src/findings/waiting-findings.js';
import type { FanOutResponse } from '../src/ledger/fan-out.response.js';
import { WatchStuckSlices } from '../src/ledger/watch-stuck-slices.js';
import { PolicyVersions } from '../src/policy/policy-versions.js';
import { medicalCost } from './support/findings.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { assessment, hail, profile, type HouseholdSpec } from './support/world.js';

const village: HouseholdSpec[] = Array.from({ length: 20 }, (_, i) => ({
  id: i + 1,
  maize: 300,
  perCapitaYuan: 8_000,
}));

interface Holder {
  /** How many statements of the service wait for a lock, of those that contain a text. */
  waiting(text?: string): Promise<number>;
  release(): Promise<void>;
}

describe('a live shock is judged and stored', () => {
  let world: World;
  let open: string;
  /** Not released yet: a test that fails leaves none behind. */
  const held: Holder[] = [];

  beforeAll(async () => {
    world = await startWorld();
    await world.households(village.map(profile), village.map(assessment));
    open = randomUUID();
    await world.shock(hail({ id: open, policyVersion: world.policyVersion }));
    await world.settled(open, 'done');
  });
  afterEach(async () => {
    for (const { release } of held.splice(0)) await release();
  });
  afterAll(() => world.stop());

  const sql = <Row extends Record<string, unknown>>(text: string, values: unknown[] = []): Promise<Row[]> =>
    world.database.transaction(cellScope('spec'), (tx) => tx.query<Row>(text, values));
  /** Holds what a statement locks until it is released. */
  const hold = async (text: string, values: unknown[] = []): Promise<Holder> => {
    const admin = await world.db.open({ url: world.db.adminUrl, poolSize: 1 });
    const runner = admin.dataSource.createQueryRunner();
    await runner.startTransaction();
    await runner.query(text, values);
    const holder: Holder = {
      waiting: async (part = '') => {
        // A transaction sees who waits as it was when it first looked.
        await runner.query('SELECT pg_stat_clear_snapshot()');
        const rows: unknown = await runner.query(
          `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database() AND position($1 IN query) > 0`,
          [part],
        );
        return (rows as unknown[]).length;
      },
      release: async () => {
        held.splice(0, held.length, ...held.filter((one) => one !== holder));
        await runner.commitTransaction();
        await runner.release();
        await admin.close();
      },
    };
    held.push(holder);
    return holder;
  };
  const asOwner = async (text: string): Promise<void> => {
    const admin = await world.db.open({ url: world.db.adminUrl, poolSize: 1 });
    await admin.dataSource.query(text);
    await admin.close();
  };
  /** The alerts of one more shock, once all of its slices are stored. */
  const stored = async (id: string): Promise<number> => {
    const [row] = await eventually(async () => {
      const rows = await sql<{ alerted: number }>(
        `SELECT sum(s.alerted)::int AS alerted FROM slices s JOIN origins o USING (origin) WHERE o.shock_id = $1
         HAVING bool_and(s.state IN ('stored', 'published'))`,
        [id],
      );
      expect(rows).toHaveLength(1);
      return rows;
    });
    return row?.alerted ?? 0;
  };
  const again = (version: number, yuan: number): HouseholdSpec[] =>
    [1, 2, 3].map((id) => ({ id, version, maize: 300, perCapitaYuan: yuan }));

  it('while changed households are looked at, and are said again meanwhile', async () => {
    // Looking at them under the open shock takes as long as this lasts.
    const looking = await hold('SELECT FROM shocks WHERE shock_id = $1 FOR UPDATE', [open]);
    await world.households(again(2, 7_900).map(profile), []);
    await eventually(async () => expect(await looking.waiting()).toBeGreaterThan(0));
    await world.households([], again(2, 7_900).map(assessment));
    await world.heard(topics.assessment);
    const next = randomUUID();
    await world.shock(hail({ id: next, policyVersion: world.policyVersion }));
    expect(await stored(next)).toBe(village.length);
    expect(await looking.waiting()).toBe(1);
    await looking.release();

    // What was said meanwhile is looked at once more.
    await eventually(async () => expect(await sql('SELECT FROM relooks')).toEqual([]));
    const last = await sql(
      `SELECT DISTINCT ON (a.household_id) a.household_id AS id, a.per_capita_fen / 100 AS yuan
       FROM alerts a JOIN origins o USING (origin) WHERE o.shock_id = $1 AND a.household_id <= 3
       ORDER BY a.household_id, a.revision DESC`,
      [open],
    );
    expect(last).toEqual([1, 2, 3].map((id) => ({ id, yuan: 7_900 })));
    await world.settled(open, 'done');
    await world.settled(next, 'done');
  });

  it('while ledgers that a sweep has opened again are counted', async () => {
    // To settle one takes as long as this lasts.
    const settling = await hold('LOCK TABLE regional_looks IN SHARE MODE');
    await world.households([], [assessment({ id: 4, version: 2, maize: 300, perCapitaYuan: 7_700 })]);
    await eventually(async () => expect(await settling.waiting('INSERT INTO regional_looks')).toBeGreaterThan(0));
    const next = randomUUID();
    await world.shock(hail({ id: next, policyVersion: world.policyVersion }));
    expect(await stored(next)).toBe(village.length);
    await settling.release();
    await world.settled(open, 'done');
    await world.settled(next, 'done');
  });

  describe('while one of a policy version that is not known here', () => {
    const ledger = async (id: string): Promise<FanOutResponse> => {
      const headers = { authorization: `Bearer ${await world.token()}` };
      return (await world.app.inject({ url: `/v1/shocks/${id}/fan-out`, headers })).json<FanOutResponse>();
    };
    const unplanned = async (): Promise<number | undefined> => {
      await world.app.get(WatchStuckSlices).execute();
      const figure = world.app.get<Registry>(METRICS).getSingleMetric('fangpin_fan_outs_unplanned');
      return (await figure?.get())?.values[0]?.value;
    };
    const load = (version: string): Promise<unknown> =>
      sql('INSERT INTO policy_versions (version, records) VALUES ($1, $2)', [
        version,
        JSON.stringify(world.app.get(PolicyVersions).current.records),
      ]);
    const unknown = (ofAlerts: string) => [
      {
        code: 'FAN_OUT.POLICY_UNKNOWN',
        text: expect.stringContaining(ofAlerts),
        error: expect.stringContaining('of-tomorrow'),
      },
    ];

    it('waits, which goes on when the version is', async () => {
      const waiting = randomUUID();
      await world.shock(hail({ id: waiting, policyVersion: 'of-tomorrow' }));
      await eventually(async () =>
        expect(await ledger(waiting)).toMatchObject({ problems: unknown('目前尚未对任何农户预警') }),
      );
      expect(await ledger(waiting)).toMatchObject({
        state: 'waiting',
        policyVersion: 'of-tomorrow',
        settledAt: null,
        exposed: 0,
      });
      const next = randomUUID();
      await world.shock(hail({ id: next, policyVersion: world.policyVersion }));
      expect(await stored(next)).toBe(village.length);
      expect(await unplanned()).toBe(1);
      expect(world.app.get(ServiceConsumers).runner?.health()).toMatchObject({ state: 'running' });
      expect(await sql('SELECT FROM parked_letters')).toEqual([]);

      await load('of-tomorrow');
      expect((await world.settled(waiting, 'done')).exposed).toBe(village.length);
      expect((await ledger(waiting)).problems).toEqual([]);
      expect(await unplanned()).toBe(0);
      await world.settled(next, 'done');
    });

    it('changes one that is under way, which goes on as it was; and that one is called off all the same', async () => {
      const id = randomUUID();
      await world.shock(hail({ id, policyVersion: world.policyVersion }));
      await world.settled(id, 'done');
      await world.shock(hail({ id, policyVersion: 'of-tomorrow but one', version: 2 }));
      await eventually(async () =>
        expect(await ledger(id)).toMatchObject({ problems: unknown('此前一次通报的预警照常进行') }),
      );
      expect(await ledger(id)).toMatchObject({ state: 'done', revision: expect.any(Number), alerted: village.length });
      const off = hail({ id, policyVersion: 'of-tomorrow but two', version: 3, state: ShockState.CANCELLED });
      await world.shock(off);
      expect((await world.settled(id, 'recalled')).withdrawn).toBe(village.length);
      expect((await ledger(id)).problems).toEqual([]);
      // What was kept aside is older than the word that called it off.
      await load('of-tomorrow but one');
      await world.app.get(AwaitPolicies).execute();
      await world.settled(id, 'recalled');
      await world.shock(hail({ id, policyVersion: 'of-tomorrow but three', version: 4 }));
      await eventually(async () =>
        expect(await ledger(id)).toMatchObject({ problems: unknown('此前的预警已按通报撤回') }),
      );
    });
  });

  it('while a finding that cannot be read lies first, with the household of that finding among those exposed', async () => {
    const household = village.length + 1;
    const spec: HouseholdSpec = { id: household, maize: 300, perCapitaYuan: 8_000 };
    const push = async (findingId: string): Promise<string> => {
      await world.findings(medicalCost(spec, 40_000, { findingId }));
      return findingId;
    };
    const outcomes = (): Promise<unknown[]> => sql('SELECT finding_id AS id, outcome FROM findings ORDER BY 1');
    const bad = await push('00000000-0000-4000-8000-000000000001');
    const good = await push('00000000-0000-4000-8000-000000000002');
    const waiting = { outcome: 'waiting' };
    await eventually(async () => expect(await outcomes()).toMatchObject([waiting, waiting]));
    const [was] = await sql<{ finding: Buffer }>('SELECT finding FROM findings WHERE finding_id = $1', [bad]);
    await sql(`UPDATE findings SET finding = '\\xffff' WHERE finding_id = $1`, [bad]);

    await world.households([profile(spec)], [assessment(spec)]);
    const next = randomUUID();
    await world.shock(hail({ id: next, policyVersion: world.policyVersion }));
    expect(await stored(next)).toBe(village.length + 1);
    const apart = [
      { id: bad, outcome: 'waiting' },
      { id: good, outcome: 'alerted' },
    ];
    expect(await outcomes()).toEqual(apart);
    expect(await sql('SELECT FROM parked_letters')).toEqual([]);

    // The round for all that wait passes it by, too.
    await sql(`UPDATE findings SET outcome = 'waiting', reason = 'household-unknown' WHERE finding_id = $1`, [good]);
    await world.app.get(WaitingFindings).execute();
    expect(await outcomes()).toEqual(apart);
    const failing = (): Promise<unknown[]> => sql('SELECT finding_id AS id FROM findings_failing');
    expect(await failing()).toEqual([{ id: bad }]);
    const gauge = world.app.get<Registry>(METRICS).getSingleMetric('fangpin_findings_failing');
    expect((await gauge?.get())?.values[0]?.value).toBe(1);

    // Nor does one that can be read, and not be stored.
    await sql('UPDATE findings SET finding = $2 WHERE finding_id = $1', [bad, was?.finding]);
    await asOwner(
      `ALTER TABLE findings ADD CONSTRAINT broken CHECK (finding_id <> '${bad}' OR outcome <> 'alerted') NOT VALID`,
    );
    await sql(`UPDATE findings SET outcome = 'waiting', reason = 'household-unknown' WHERE finding_id = $1`, [good]);
    await world.households([], [assessment({ ...spec, version: 2 })]);
    await eventually(async () => expect(await outcomes()).toEqual(apart));
    expect(await sql('SELECT attempts, error FROM findings_failing')).toMatchObject([
      { attempts: expect.any(Number), error: expect.stringContaining('broken') },
    ]);
    expect(await sql('SELECT FROM parked_letters')).toEqual([]);

    await asOwner('ALTER TABLE findings DROP CONSTRAINT broken');
    await sql('UPDATE findings_failing SET judge_after = now()');
    await world.app.get(WaitingFindings).execute();
    expect(await outcomes()).toMatchObject([{ outcome: 'alerted' }, { outcome: 'alerted' }]);
    expect(await failing()).toEqual([]);
    await world.settled(next, 'done');
  });
});
