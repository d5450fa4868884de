import { originOf, parseRegionCode } from '@fangpin/domain-kit';
import { cellScope, type Tx } from '@fangpin/persistence';
import { eventually } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { ClearReconciliations } from '../src/reconciliation/clear-reconciliations.js';
import { takeDueTallies } from '../src/reconciliation/due-tallies.js';
import type { ReconciliationPage, ReconciliationResponse } from '../src/reconciliation/reconciliation.responses.js';
import { asOwner, compared, QUICK_COMPARISONS } from './support/comparisons.js';
import { OwnersDesk } from './support/owners-desk.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { TallyDesk } from './support/tally-desk.js';
import { assessment, hail, profile, YIJIU, YONGDING, type HouseholdSpec } from './support/world.js';

const county: HouseholdSpec[] = Array.from({ length: 20 }, (_, i) => ({
  id: i + 1,
  township: i % 2 === 0 ? YONGDING : YIJIU,
  maize: 400,
  perCapitaYuan: 8_000,
}));

const CELL = cellScope('spec', parseRegionCode('532327'));

describe('comparisons in the course of years', () => {
  let world: World;
  let origin: number;
  beforeAll(async () => {
    world = await startWorld({ env: QUICK_COMPARISONS });
    const desk = new TallyDesk(world.producer);
    await desk.listen(world.bus);
    const owners = new OwnersDesk(world.producer);
    owners.know(county.map(profile), county.map(assessment));
    await owners.listen(world.bus);
    await world.households(county.map(profile), county.map(assessment));
    const shock = randomUUID();
    origin = originOf(shock, 'crop-disaster');
    await world.shock(hail({ id: shock, policyVersion: world.policyVersion }));
    await world.settled(shock, 'done');
    await eventually(() => expect(desk.at(origin, YONGDING).size).toBe(10));
  });
  afterAll(() => world.stop());

  const operator = async (method: 'GET' | 'POST') => {
    const headers = { authorization: `Bearer ${await world.token('operator', '00')}` };
    return world.app.inject({ method, url: '/v1/reconciliations', headers });
  };
  const shown = async (id: number): Promise<ReconciliationResponse | undefined> =>
    (await operator('GET')).json<ReconciliationPage>().items.find((one) => one.id === id);
  const counted = (sql: string, values: unknown[] = []) =>
    world.database.transaction(CELL, async (tx) => {
      const [row] = await tx.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`, values);
      return row?.n;
    });

  it('are asked for at once, by however many, though what they read cannot be read', async () => {
    let letGo: () => void = () => undefined;
    const admin = await world.db.open({ url: world.db.adminUrl });
    const held = admin.transaction(cellScope('spec'), async (tx) => {
      await tx.execute('LOCK TABLE triage_answers, reconciliation_tallies IN ACCESS EXCLUSIVE MODE');
      await new Promise<void>((resolve) => (letGo = resolve));
    });
    try {
      await eventually(async () =>
        expect(
          await counted(
            `pg_locks WHERE relation = 'triage_answers'::regclass AND mode = 'AccessExclusiveLock' AND granted`,
          ),
        ).toBe(1),
      );
      const answers = await Promise.all(Array.from({ length: 9 }, () => operator('POST')));
      expect(answers.map(({ statusCode }) => statusCode)).toEqual(answers.map(() => 202));
      expect(new Set(answers.map((answer) => answer.json<{ id: number }>().id)).size).toBe(1);
    } finally {
      letGo();
      await held;
      await admin.close();
    }
    const run = await compared(world);
    expect(run).toMatchObject({ alarms: 0, findings: [] });
    expect(run.agreed).toBeGreaterThanOrEqual(2);
  });

  it('find what is due by an index of what is open, not by reading all that was ever compared', async () => {
    await asOwner(
      world,
      `WITH past AS (INSERT INTO reconciliations (closed_at) SELECT now() FROM generate_series(1, 200) RETURNING reconciliation_no)
       INSERT INTO reconciliation_tallies (reconciliation_no, origin, duty_code, state, households, hash)
       SELECT reconciliation_no, n, 532327104000000, 'agreed', 1, '' FROM past, generate_series(1, 200) AS n`,
    );
    await asOwner(world, 'ANALYZE reconciliation_tallies');
    const plans = await world.database.transaction(CELL, async (tx) => {
      const told: string[] = [];
      const explaining = {
        query: async (sql: string, values: unknown[]) => {
          const rows = await tx.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${sql}`, values);
          told.push(rows.map((row) => row['QUERY PLAN']).join('\n'));
          return told.length === 1 ? [{ reconciliation_no: 1, origin: 1, origins: null }] : [];
        },
      } as unknown as Tx;
      await takeDueTallies(explaining, { silentSeconds: 300, restSeconds: 30 });
      return told;
    });
    expect(plans).toHaveLength(2);
    for (const plan of plans) expect(plan).toContain('reconciliation_tallies_open');
    await asOwner(world, 'DELETE FROM reconciliation_tallies WHERE origin < 1000');
  });

  it('keep their figures and what they found when their rows are gone', async () => {
    await asOwner(world, 'DELETE FROM triage_answers WHERE origin = $1 AND duty_code / 1000000 = $2', [origin, YIJIU]);
    const run = await compared(world);
    expect(run.findings).toMatchObject([{ kind: 'answers-lost', households: 10 }]);
    expect(run).toMatchObject({ mended: 1, exposure: { compared: 4 } });
    const aged = (interval: string) =>
      asOwner(world, `UPDATE reconciliations SET closed_at = now() - $2::interval WHERE reconciliation_no = $1`, [
        run.id,
        interval,
      ]);
    await aged('89 days');
    const rows = ['tallies', 'exposure', 'judgements'].map((of) => `reconciliation_${of} WHERE reconciliation_no = $1`);
    await compared(world);
    expect(await counted(rows[0] ?? '', [run.id])).toBe(run.compared);

    // While a live shock is fanned out they stay.
    await asOwner(
      world,
      `INSERT INTO slices (origin, shock_revision, direction, townships, lane, state, claimed_by, lease_until)
       VALUES ($1, 0, 'raise', ARRAY[$2]::bigint[], 'live', 'claimed', 'spec', now() + interval '1 hour')`,
      [origin, YONGDING],
    );
    await aged('91 days');
    expect(await world.app.get(ClearReconciliations).execute()).toBe(false);
    expect(await counted(rows[0] ?? '', [run.id])).toBe(run.compared);
    await asOwner(world, `DELETE FROM slices WHERE claimed_by = 'spec'`);

    await eventually(async () => {
      for (const of of rows) expect(await counted(of, [run.id])).toBe(0);
    });
    expect(await shown(run.id)).toEqual({ ...run, closedAt: expect.any(String) });
    const headers = { authorization: `Bearer ${await world.token('county-officer', String(YONGDING))}` };
    const answer = await world.app.inject({ method: 'GET', url: '/v1/reconciliations', headers });
    const ofTownship = answer.json<ReconciliationPage>().items.find(({ id }) => id === run.id);
    expect(ofTownship).toMatchObject({ compared: run.compared / 2, exposure: { compared: 2 }, findings: [] });
  });
});
