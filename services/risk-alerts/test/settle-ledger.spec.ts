import { randomUUID } from 'node:crypto';
import { create } from '@bufbuild/protobuf';
import { CaseEventSchema, topics, TriageOutcome, type AlertBatch } from '@fangpin/contracts';
import { encodeEvent } from '@fangpin/messaging';
import { cellScope } from '@fangpin/persistence';
import { eventually } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Relook } from '../src/fan-out/relook.js';
import { SettleLedger } from '../src/ledger/settle-ledger.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { assessment, hail, profile, type HouseholdSpec } from './support/world.js';

const village: HouseholdSpec[] = Array.from({ length: 20 }, (_, i) => ({
  id: i + 1,
  maize: 300,
  perCapitaYuan: 8_000,
}));

describe('a ledger whose households were alerted before', () => {
  let world: World;
  let answers = 0;

  beforeAll(async () => {
    // Alerts are answered here by hand.
    world = await startWorld({ answer: 'recalls-only' });
    await world.households(village.map(profile), village.map(assessment));
  });
  afterAll(() => world.stop());

  const query = <Row extends Record<string, unknown>>(sql: string, values: unknown[] = []): Promise<Row[]> =>
    world.database.transaction(cellScope('spec'), (tx) => tx.query<Row>(sql, values));
  const batchesOf = (shockId: string, households: number, after: readonly AlertBatch[] = []): Promise<AlertBatch[]> =>
    eventually(() => {
      const come = world.batches.filter((batch) => batch.shockId === shockId && !after.includes(batch));
      expect(come.reduce((sum, { householdIds }) => sum + householdIds.length, 0)).toBe(households);
      return Promise.resolve(come);
    });
  /** Says that some households of the batches are listed, and waits until that is stored. */
  const answer = async (batches: readonly AlertBatch[], which: (id: bigint) => boolean = () => true): Promise<void> => {
    for (const batch of batches) {
      const householdIds = batch.householdIds.filter(which);
      const value = {
        shockId: batch.shockId,
        origin: batch.origin,
        alertRevision: batch.revision,
        township: batch.township,
        householdIds,
        outcomes: householdIds.map(() => TriageOutcome.LISTED),
        caseOrigins: householdIds.map(() => 0n),
      };
      const event = create(CaseEventSchema, { body: { case: 'triage', value } });
      await world.producer.send(topics.case, [encodeEvent(topics.case, event, { key: batch.township })]);
      answers += 1;
    }
    await eventually(async () => expect(await query('SELECT FROM triage_answers')).toHaveLength(answers));
  };
  /** The state of the last fan-out, once whoever settles has looked; who finds it locked passes it by, so several times. */
  const stateOf = async (shockId: string): Promise<unknown> => {
    await eventually(async () => expect(await query(`SELECT FROM slices WHERE state <> 'published'`)).toEqual([]));
    let state: unknown;
    for (let look = 0; look < 5; look += 1) {
      await world.app.get(SettleLedger).execute('live');
      const [row] = await query(
        `SELECT f.state FROM fan_outs f JOIN origins o USING (origin) WHERE o.shock_id = $1
         ORDER BY f.shock_revision DESC LIMIT 1 FOR UPDATE OF f`,
        [shockId],
      );
      state = row?.['state'];
    }
    return state;
  };

  it('is not done by answers that come twice while others are missing', async () => {
    const id = randomUUID();
    await world.shock(hail({ id, policyVersion: world.policyVersion }));
    const first = await batchesOf(id, village.length);
    await answer(first);
    await world.settled(id, 'done');

    await world.shock(hail({ id, policyVersion: world.policyVersion, version: 2 }));
    const second = await batchesOf(id, village.length, first);
    const half = (household: bigint): boolean => household <= 10n;
    await answer(second, half);
    await answer(second, half);
    expect(await stateOf(id)).toBe('running');
    await answer(second, (household) => !half(household));
    await world.settled(id, 'done');
  });

  it('is open again for a household that is looked at again, until that is answered too', async () => {
    const id = randomUUID();
    await world.shock(hail({ id, policyVersion: world.policyVersion }));
    const first = await batchesOf(id, village.length);
    await answer(first);
    await world.settled(id, 'done');
    await world.households([], [assessment({ id: 3, maize: 300, perCapitaYuan: 6_000, version: 2 })]);
    const again = await eventually(() => {
      const come = world.batches.filter((batch) => batch.householdIds.length === 1 && batch.householdIds[0] === 3n);
      expect(come.map(({ shockId }) => shockId)).toContain(id);
      return Promise.resolve(come);
    });
    expect(await stateOf(id)).toBe('running');
    await answer(again);
    await world.settled(id, 'done');
  });

  it('is not closed by an instance that has counted before a household was looked at again', async () => {
    const id = randomUUID();
    await world.shock(hail({ id, policyVersion: world.policyVersion }));
    const first = await batchesOf(id, village.length);
    const admin = await world.db.open({ url: world.db.adminUrl });
    await admin.dataSource.query(`UPDATE exposure_a SET per_capita_fen = 500000 WHERE household_id = 5`);
    await admin.dataSource.query(`UPDATE exposure_b SET per_capita_fen = 500000 WHERE household_id = 5`);
    let looking: Promise<number> = Promise.resolve(0);
    await admin.transaction(cellScope('spec'), async (tx) => {
      await tx.execute(
        `UPDATE fan_outs SET state = 'done' WHERE origin IN (SELECT origin FROM origins WHERE shock_id = $1)`,
        [id],
      );
      await query(`INSERT INTO relooks SELECT household_id, duty_code FROM alerts WHERE household_id = 5 LIMIT 1`);
      looking = world.app.get(Relook).execute();
      await eventually(async () => {
        const waits = await tx.query(`SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'
          AND datname = current_database()`);
        expect(waits.length > 0 || (await query('SELECT FROM relooks')).length === 0).toBe(true);
      });
    });
    await looking;
    await eventually(async () => expect(await query('SELECT FROM relooks')).toEqual([]));
    expect(await stateOf(id)).toBe('running');
    await admin.close();
    const all = await batchesOf(id, village.length + 1);
    expect(all).toEqual(expect.arrayContaining(first));
    await answer(all);
    await world.settled(id, 'done');
  });
});
