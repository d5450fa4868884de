import { randomUUID } from 'node:crypto';
import { fromBinary } from '@bufbuild/protobuf';
import { AlertBatchSchema, AlertState, ShockState, topics } from '@fangpin/contracts';
import { originOf } from '@fangpin/domain-kit';
import { cellScope } from '@fangpin/persistence';
import { eventually } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SliceOutboxSource } from '../src/fan-out/slice-outbox-source.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { assessment, hail, profile, YIJIU, YONGDING, type HouseholdSpec } from './support/world.js';

const ELSEWHERE = 532301101;
const farm = (id: number): HouseholdSpec => ({
  id,
  township: id % 2 === 0 ? YONGDING : YIJIU,
  maize: 400,
  perCapitaYuan: 8_000,
});
const county = Array.from({ length: 40 }, (_, i) => farm(i + 1));

describe('a later revision of a shock that is over', () => {
  let world: World;
  let version = 1;

  beforeAll(async () => {
    // One township a slice; the first is through before the second begins.
    world = await startWorld({ sliceHouseholds: 10, env: { FANGPIN_SLICES_AT_ONCE: '1' } });
  });
  afterAll(() => world.stop());

  const say = async (households: readonly HouseholdSpec[]): Promise<void> => {
    version += 1;
    await world.households(
      households.map((one) => profile({ ...one, version })),
      households.map((one) => assessment({ ...one, version })),
    );
    await world.heard(topics.household);
    await world.heard(topics.assessment);
  };
  /** Raised in all the county, then over: no look follows what changes now. */
  const ended = async (): Promise<string> => {
    await say(county);
    const id = randomUUID();
    const shock = { id, policyVersion: world.policyVersion };
    await world.shock(hail(shock));
    expect(await world.settled(id, 'done')).toMatchObject({ alerted: county.length });
    await world.shock(hail({ ...shock, version: 2, state: ShockState.ENDED }));
    await world.heard(topics.shock);
    return id;
  };
  const judgedAgain = async (id: string): Promise<void> => {
    const policyVersion = world.policyVersion;
    await world.shock(hail({ id, policyVersion, version: 3, state: ShockState.ENDED, backwards: true }));
    await world.heard(topics.shock);
    await world.settled(id, 'done');
  };
  const alertsOf = async (id: string): Promise<Map<number, { state: number; township: number; revisions: number }>> => {
    const rows = await world.database.transaction(cellScope('spec'), (tx) =>
      tx.query<{ id: number; state: number; township: number; revisions: number }>(
        `SELECT DISTINCT ON (household_id) household_id AS id, state, duty_code / 1000000 AS township,
           count(*) OVER (PARTITION BY household_id)::int AS revisions
         FROM alerts WHERE origin = $1 ORDER BY household_id, revision DESC`,
        [originOf(id, 'crop-disaster')],
      ),
    );
    return new Map(rows.map(({ id: household, ...row }) => [household, row]));
  };

  it.each([
    ['a township whose slice comes first', 1, YONGDING],
    ['a township whose slice comes last', 2, YIJIU],
  ])('alerts a household where it lives now, which has moved to %s', async (_, household, township) => {
    const id = await ended();
    await say([{ ...farm(household), township }]);
    await judgedAgain(id);
    const alerts = await alertsOf(id);
    expect(alerts.get(household)).toEqual({ state: AlertState.RAISED, township, revisions: 2 });
    expect([...alerts.values()].every(({ state }) => state === (AlertState.RAISED as number))).toBe(true);
    const takenBack = world.bulk.filter((batch) => batch.shockId === id && batch.state === AlertState.WITHDRAWN);
    expect(takenBack).toEqual([]);
  });

  it('takes back the alert of whom it touches no more, wherever they live now', async () => {
    const id = await ended();
    const gone: HouseholdSpec[] = [
      { ...farm(3), township: ELSEWHERE, maize: 0 },
      { ...farm(4), township: YIJIU, maize: 0 },
      { ...farm(5), township: YONGDING, maize: 0 },
      { ...farm(6), maize: 0 },
    ];
    await say(gone);
    await judgedAgain(id);
    const alerts = await alertsOf(id);
    const withdrawn = [...alerts].filter(([, { state }]) => state === (AlertState.WITHDRAWN as number));
    expect(withdrawn.map(([household]) => household)).toEqual([3, 4, 5, 6]);
    const told = world.bulk.filter((batch) => batch.shockId === id && batch.state === AlertState.WITHDRAWN);
    expect(told.flatMap(({ householdIds }) => householdIds.map(Number)).sort()).toEqual([3, 4, 5, 6]);
    const ledger = await world.settled(id, 'done');
    expect(ledger).toMatchObject({ alerted: county.length, withdrawn: gone.length });
  });

  it('waits only in a township that cannot be judged, and raises there whom it had taken back elsewhere', async () => {
    const id = await ended();
    // Moves from the first township to the second; sells in the second; sells in the first.
    await say([
      { ...farm(2), township: YIJIU },
      { ...farm(7), maize: 0 },
      { ...farm(8), maize: 0 },
    ]);
    const admin = await world.db.open({ url: world.db.adminUrl, poolSize: 1 });
    await admin.dataSource.query(
      `ALTER TABLE alerts ADD CONSTRAINT not_there CHECK (duty_code / 1000000 <> ${YIJIU}) NOT VALID`,
    );
    await world.shock(
      hail({ id, policyVersion: world.policyVersion, version: 3, state: ShockState.ENDED, backwards: true }),
    );
    await eventually(async () => expect((await alertsOf(id)).get(8)?.state).toBe(AlertState.WITHDRAWN));
    const meanwhile = await alertsOf(id);
    expect(meanwhile.get(2)).toMatchObject({ state: AlertState.WITHDRAWN, township: YONGDING });
    expect(meanwhile.get(7)).toMatchObject({ state: AlertState.RAISED, revisions: 1 });
    expect(meanwhile.get(10)).toMatchObject({ state: AlertState.RAISED, revisions: 2 });

    await admin.dataSource.query('ALTER TABLE alerts DROP CONSTRAINT not_there');
    await admin.dataSource.query(
      `UPDATE slices SET lease_until = now() WHERE state = 'waiting' AND direction = 'raise'`,
    );
    const ledger = await world.settled(id, 'done');
    expect(ledger).toMatchObject({ alerted: county.length, withdrawn: 2 });
    const alerts = await alertsOf(id);
    expect(alerts.get(2)).toEqual({ state: AlertState.RAISED, township: YIJIU, revisions: 3 });
    expect(alerts.get(7)).toMatchObject({ state: AlertState.WITHDRAWN, revisions: 2 });
    await admin.close();
  });

  it('is told again after a crash as it was told, whoever its slices are about', async () => {
    await say(county);
    const id = randomUUID();
    const shock = { id, policyVersion: world.policyVersion };
    await world.shock(hail(shock));
    await world.settled(id, 'done');
    // A look while it is open, and withdrawals by a smaller area.
    await say([3, 9, 12].map((one) => ({ ...farm(one), maize: one === 9 ? 300 : 0 })));
    const slices = () =>
      world.database.transaction(cellScope('spec'), (tx) =>
        tx.query<{ no: number; direction: string; ids: number[] }>(
          `SELECT s.slice_no AS no, s.direction, array_agg(a.household_id ORDER BY a.household_id) AS ids
           FROM slices s JOIN alerts a USING (slice_no) WHERE s.origin = $1 GROUP BY 1, 2 ORDER BY 1`,
          [originOf(id, 'crop-disaster')],
        ),
      );
    const looks = async () => (await slices()).filter(({ direction }) => direction === 'relook');
    await eventually(async () => expect((await looks()).flatMap(({ ids }) => ids).sort()).toEqual([12, 3, 9]));
    await world.shock(hail({ ...shock, version: 2, regions: [String(YONGDING)] }));
    await eventually(async () =>
      expect((await slices()).filter(({ direction }) => direction === 'withdraw').length).toBeGreaterThan(1),
    );
    await world.settled(id, 'done');

    const writer = await world.db.open({ url: world.db.writerUrl, poolSize: 1 });
    for (const { no, ids } of await slices()) {
      const told: number[] = [];
      const ref = { sliceNo: no, origin: originOf(id, 'crop-disaster') };
      for await (const { value } of world.app.get(SliceOutboxSource).render(ref, writer))
        told.push(...fromBinary(AlertBatchSchema, value).householdIds.map(Number));
      expect(told.sort((a, b) => a - b)).toEqual(ids);
    }
    await writer.close();
  });
});
