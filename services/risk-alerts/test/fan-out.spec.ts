import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { AlertState, ShockState, topics } from '@fangpin/contracts';
import { cellScope } from '@fangpin/persistence';
import { eventually } from '@fangpin/testing';
import { originOf } from '@fangpin/domain-kit';
import { startWorld, type World } from './support/risk-alerts-world.js';
import {
  assessment,
  damaged,
  hail,
  pigPriceFall,
  profile,
  revision,
  YIJIU,
  YONGDING,
  type HouseholdSpec,
} from './support/world.js';

/** 300 households: odd ones in 永定镇 with maize, even ones in 宜就镇, every third with pigs. */
const county: HouseholdSpec[] = Array.from({ length: 300 }, (_, i) => ({
  id: i + 1,
  township: i % 2 === 0 ? YONGDING : YIJIU,
  maize: 200 + i,
  pigs: i % 3 === 0 ? 4 : 0,
  perCapitaYuan: 7_000 + i * 40,
}));

describe('a shock on its way to the households', () => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld();
    await world.households(county.map(profile), county.map(assessment));
  });
  afterAll(() => world.stop());

  const raisedIds = async (shockId: string): Promise<number[]> =>
    world.database.transaction(cellScope('spec'), async (tx) => {
      const rows = await tx.query<{ household_id: number }>(
        `SELECT DISTINCT ON (household_id) household_id, state FROM alerts a JOIN origins o USING (origin)
         WHERE o.shock_id = $1 ORDER BY household_id, revision DESC`,
        [shockId],
      );
      return rows.filter((row) => (row as unknown as { state: number }).state === 1).map((row) => row.household_id);
    });

  it('reaches every household whose maize stands in the hail, and the ledger adds up', async () => {
    const id = randomUUID();
    await world.shock(hail({ id, policyVersion: world.policyVersion }));
    const ledger = await world.settled(id, 'done');
    expect(ledger.exposed).toBe(county.length);
    expect(ledger.alerted).toBe(ledger.listed);
    expect(ledger.published).toBe(ledger.alerted);
    expect((await raisedIds(id)).length).toBe(ledger.alerted);
    const told = world.batches
      .filter((batch) => batch.shockId === id)
      .flatMap((batch) => batch.householdIds.map(Number));
    expect(new Set(told).size).toBe(ledger.alerted);
  });

  it('is one fan-out however often its event arrives', async () => {
    const id = randomUUID();
    for (let i = 0; i < 5; i += 1) await world.shock(hail({ id, policyVersion: world.policyVersion }));
    const ledger = await world.settled(id, 'done');
    expect(ledger.exposed).toBe(county.length);
    const rows = await world.database.transaction(cellScope('spec'), (tx) =>
      tx.query(`SELECT 1 FROM fan_outs f JOIN origins o USING (origin) WHERE o.shock_id = $1`, [id]),
    );
    expect(rows).toHaveLength(1);
  });

  it('touches only keepers of pigs when the price of pigs falls', async () => {
    const id = randomUUID();
    await world.shock(pigPriceFall({ id, policyVersion: world.policyVersion }, 3_246, 1_093));
    const ledger = await world.settled(id, 'done');
    expect(ledger.exposed).toBe(county.filter((household) => household.pigs).length);
  });

  it('weighs a damage report against the crops that stood in its township', async () => {
    const id = randomUUID();
    await world.shock(damaged({ id, policyVersion: world.policyVersion }, 400, 300));
    const ledger = await world.settled(id, 'done');
    expect(ledger.exposed).toBe(county.filter((household) => household.township === YONGDING).length);
  });

  it('takes everything back when the shock is cancelled', async () => {
    const id = randomUUID();
    await world.shock(hail({ id, policyVersion: world.policyVersion }));
    const before = await world.settled(id, 'done');
    await world.shock(hail({ id, policyVersion: world.policyVersion, version: 2, state: ShockState.CANCELLED }));
    const after = await world.settled(id, 'recalled');
    expect(after.alerted).toBe(before.alerted);
    expect(after.withdrawn).toBe(before.alerted);
    expect(after.dropped).toBe(before.alerted);
    expect(await raisedIds(id)).toEqual([]);
  });

  it('raises nothing when the cancel came first', async () => {
    const id = randomUUID();
    await world.shock(hail({ id, policyVersion: world.policyVersion, version: 2, state: ShockState.CANCELLED }));
    await world.shock(hail({ id, policyVersion: world.policyVersion, version: 1 }));
    await world.heard(topics.shock);
    expect(await world.settled(id, 'recalled')).toMatchObject({ exposed: 0, alerted: 0, withdrawn: 0 });
    const fanOuts = await world.database.transaction(cellScope('spec'), (tx) =>
      tx.query(
        'SELECT f.direction, f.shock_revision AS revision FROM fan_outs f JOIN origins o USING (origin) WHERE o.shock_id = $1',
        [id],
      ),
    );
    expect(fanOuts).toEqual([{ direction: 'withdraw', revision: revision(2) }]);
    expect(await raisedIds(id)).toEqual([]);
  });

  it('recalls all when the cancel arrives in the middle of the fan-out', async () => {
    const id = randomUUID();
    await world.shock(hail({ id, policyVersion: world.policyVersion }));
    await world.shock(hail({ id, policyVersion: world.policyVersion, version: 2, state: ShockState.CANCELLED }));
    const ledger = await world.settled(id, 'recalled');
    expect(ledger.withdrawn).toBe(ledger.alerted);
    expect(await raisedIds(id)).toEqual([]);
  });

  it('withdraws who is no longer touched when the shock is corrected to a smaller area', async () => {
    const id = randomUUID();
    await world.shock(hail({ id, policyVersion: world.policyVersion }));
    await world.settled(id, 'done');
    await world.shock(hail({ id, policyVersion: world.policyVersion, version: 2, regions: [String(YONGDING)] }));
    await eventually(async () => {
      const left = new Set(await raisedIds(id));
      expect([...left].every((household) => county[household - 1]?.township === YONGDING)).toBe(true);
    });
    await world.settled(id, 'done');
  });

  it('looks again at a household that changed while the shock is open', async () => {
    const id = randomUUID();
    await world.shock(hail({ id, policyVersion: world.policyVersion }));
    await world.settled(id, 'done');
    const sold: HouseholdSpec = { ...(county[0] as HouseholdSpec), maize: 0, version: 2 };
    const arrived: HouseholdSpec = { id: 9_001, maize: 900, perCapitaYuan: 7_500, version: 2 };
    await world.households([profile(sold), profile(arrived)], [assessment(arrived)]);
    await eventually(async () => {
      const ids = await raisedIds(id);
      expect(ids).not.toContain(sold.id);
      expect(ids).toContain(arrived.id);
    });
    await eventually(() => {
      const withdrawn = world.batches.filter((b) => b.shockId === id && b.state === AlertState.WITHDRAWN);
      expect(withdrawn.flatMap((batch) => batch.householdIds.map(Number))).toContain(sold.id);
    });
    await world.settled(id, 'done');
  });

  it('looks once more at a household that changed while a slice ran, which may have read it before', async () => {
    const id = randomUUID();
    await world.shock(hail({ id, policyVersion: world.policyVersion }));
    await world.settled(id, 'done');
    const admin = await world.db.open({ url: world.db.adminUrl });
    const query = (sql: string) => admin.dataSource.query(sql);
    const [{ slice_no: running }] = await query(
      `INSERT INTO slices (origin, shock_revision, direction, townships, lane, state, lease_until)
       SELECT origin, revision, 'raise', ARRAY[${YONGDING}]::bigint[], 'bulk', 'claimed', now() + interval '1 hour'
       FROM origins JOIN shocks USING (shock_id) WHERE shock_id = '${id}' RETURNING slice_no`,
    );
    const sold: HouseholdSpec = { ...(county[1] as HouseholdSpec), maize: 0, version: 2 };
    await world.households([profile(sold)], []);
    await eventually(async () => expect(await raisedIds(id)).not.toContain(sold.id));
    expect(await query('SELECT household_id FROM relooks')).toEqual([{ household_id: sold.id }]);
    await query(`DELETE FROM slices WHERE slice_no = ${running}`);
    await eventually(async () => expect(await query('SELECT FROM relooks')).toEqual([]));
    await admin.close();
  });
});

describe('a withdrawal that overtook its alert', () => {
  it('still lets the ledger add up, with every household dropped', async () => {
    const world = await startWorld({ answer: 'recalls-only' });
    try {
      await world.households(county.map(profile), county.map(assessment));
      const id = randomUUID();
      await world.shock(hail({ id, policyVersion: world.policyVersion }));
      await eventually(() => expect(world.batches.length).toBeGreaterThan(0));
      await world.shock(hail({ id, policyVersion: world.policyVersion, version: 2, state: ShockState.CANCELLED }));
      const ledger = await world.settled(id, 'recalled');
      expect(ledger.alerted).toBeGreaterThan(0);
      expect(ledger.dropped).toBe(ledger.alerted);
      expect(ledger.listed).toBe(ledger.alerted);
    } finally {
      await world.stop();
    }
  });
});

describe('a slice that fails', () => {
  it('shows its failure, is tried again, and leaves a household that another slice took to that one', async () => {
    const world = await startWorld({ sliceHouseholds: 2_000 });
    try {
      await world.households(county.map(profile), county.map(assessment));
      const first = randomUUID();
      await world.shock(hail({ id: first, policyVersion: world.policyVersion }));
      await world.settled(first, 'done');
      // As if household 2 had moved between two slices of one fan-out: its alert is there when the slice comes to it.
      const id = randomUUID();
      const origin = originOf(id, 'crop-disaster');
      const admin = await world.db.open({ url: world.db.adminUrl });
      await admin.transaction(cellScope('spec'), (tx) =>
        tx.execute(
          `INSERT INTO alerts SELECT $1, household_id, revision, duty_code, slice_no, loss_low_fen, loss_fen, loss_high_fen,
             per_capita_fen, projected_fen, persons, state, severity, reasons, inputs
           FROM alerts WHERE household_id = 2 LIMIT 1`,
          [origin],
        ),
      );
      await world.shock(hail({ id, policyVersion: world.policyVersion }));
      await eventually(async () => {
        const slices = await world.database.transaction(cellScope('spec'), (tx) =>
          tx.query<{ state: string; attempts: number }>('SELECT state, attempts FROM slices WHERE origin = $1', [
            origin,
          ]),
        );
        expect(slices).toEqual([{ state: 'published', attempts: 2 }]);
      });
      const told = world.batches
        .filter((batch) => batch.shockId === id)
        .flatMap((batch) => batch.householdIds.map(Number));
      expect(told).not.toContain(2);
      expect(new Set(told).size).toBe(told.length);
    } finally {
      await world.stop();
    }
  });
});
