import { randomUUID } from 'node:crypto';
import { ShockState } from '@fangpin/contracts';
import { originOf } from '@fangpin/domain-kit';
import { cellScope } from '@fangpin/persistence';
import { METRICS, type Registry } from '@fangpin/service-kit';
import { eventually } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FanOutResponse } from '../src/ledger/fan-out.response.js';
import { SettleLedger } from '../src/ledger/settle-ledger.js';
import { WatchStuckSlices } from '../src/ledger/watch-stuck-slices.js';
import { beginJudgements } from '../src/reconciliation/judgements/begin-judgements.js';
import { asOwner, compared, QUICK_COMPARISONS } from './support/comparisons.js';
import { OwnersDesk } from './support/owners-desk.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { TallyDesk } from './support/tally-desk.js';
import { assessment, hail, profile, YIJIU, YONGDING, type HouseholdSpec } from './support/world.js';

/** Every fifth is well above the line: touched, and withheld. */
const county: HouseholdSpec[] = Array.from({ length: 60 }, (_, i) => ({
  id: i + 1,
  township: i % 2 === 0 ? YONGDING : YIJIU,
  maize: 400,
  perCapitaYuan: i % 5 === 0 ? 90_000 : 8_000,
}));

describe('whom a shock touches, counted again', () => {
  let world: World;
  let desk: TallyDesk;
  let owners: OwnersDesk;

  beforeAll(async () => {
    world = await startWorld({ sliceHouseholds: 20, env: QUICK_COMPARISONS });
    desk = new TallyDesk(world.producer);
    await desk.listen(world.bus);
    owners = new OwnersDesk(world.producer);
    owners.know(county.map(profile), county.map(assessment));
    await owners.listen(world.bus);
    await world.households(county.map(profile), county.map(assessment));
  });
  afterAll(() => world.stop());

  const query = <Row extends Record<string, unknown>>(sql: string, values: unknown[] = []): Promise<Row[]> =>
    world.database.transaction(cellScope('spec'), (tx) => tx.query<Row>(sql, values));
  /** As if its slice had never run: nobody of the township is known to the shock, here or there. */
  const loseJudgementsOf = async (origin: number, township: number): Promise<void> => {
    for (const table of ['alerts', 'withheld', 'triage_answers'])
      await asOwner(world, `DELETE FROM ${table} WHERE origin = $1 AND duty_code / 1000000 = $2`, [origin, township]);
    desk.at(origin, township).clear();
  };

  it('takes the townships in turn, those that were not compared for longest first', async () => {
    const id = randomUUID();
    await world.shock(hail({ id, policyVersion: world.policyVersion }));
    await world.settled(id, 'done');
    const chosen = (townships: number): Promise<number[]> =>
      world.database.transaction(cellScope('spec'), async (tx) => {
        const [begun] = await tx.query<{ no: number }>(
          'INSERT INTO reconciliations (closed_at) VALUES (now()) RETURNING reconciliation_no AS no',
        );
        await beginJudgements(tx, begun?.no ?? 0, { days: 90, townshipsOfShock: 5, townships });
        const rows = await tx.query<{ duty_code: number; census: boolean }>(
          `UPDATE reconciliation_judgements SET state = 'agreed', looked_at = clock_timestamp()
           WHERE reconciliation_no = $1 RETURNING duty_code, census`,
          [begun?.no],
        );
        return rows.filter(({ census }) => !census).map(({ duty_code }) => duty_code / 1_000_000);
      });
    const [first] = await chosen(1);
    const [second] = await chosen(1);
    expect([first, second].sort()).toEqual([YONGDING, YIJIU]);
    expect(await chosen(1)).toEqual([first]);
    expect(await chosen(9)).toHaveLength(2);
    expect(await chosen(0)).toEqual([]);
  });

  it('is who was judged, where nothing was lost: alerted or withheld', async () => {
    const run = await compared(world);
    expect(run.judgements).toEqual({ compared: 2, agreed: 2, mended: 0, left: 0, alarms: 0, households: 60 });
    expect(run.findings).toEqual([]);
  });

  it('finds a township that nobody judged, and has it judged', async () => {
    const id = randomUUID();
    await world.shock(hail({ id, policyVersion: world.policyVersion }));
    const before = await world.settled(id, 'done');
    expect(before).toMatchObject({ exposed: 60, withheld: 12 });
    await loseJudgementsOf(originOf(id, 'crop-disaster'), YIJIU);
    expect(await world.settled(id, 'done')).toMatchObject({ exposed: 30 });

    const run = await compared(world);
    expect(run.judgements).toMatchObject({ compared: 4, mended: 1, alarms: 0 });
    expect(run.findings).toMatchObject([
      {
        ...{ subject: 'judgements', shockId: id, cause: 'crop-disaster', region: String(YIJIU) },
        ...{ kind: 'never-judged', state: 'mended', households: 30 },
      },
    ]);
    expect(await world.settled(id, 'done')).toEqual(before);
  });

  it('finds households whose alert stands from a revision before', async () => {
    const id = randomUUID();
    const origin = originOf(id, 'crop-disaster');
    await world.shock(hail({ id, policyVersion: world.policyVersion }));
    await world.settled(id, 'done');
    await world.shock(hail({ id, policyVersion: world.policyVersion, version: 2 }));
    await eventually(async () =>
      expect(await query(`SELECT FROM fan_outs WHERE origin = $1 AND state = 'done'`, [origin])).toHaveLength(2),
    );
    await asOwner(
      world,
      `DELETE FROM alerts a WHERE origin = $1 AND household_id = 3
       AND revision = (SELECT max(revision) FROM alerts WHERE origin = $1 AND household_id = 3)`,
      [origin],
    );
    const run = await compared(world);
    expect(run.findings).toContainEqual(
      expect.objectContaining({ shockId: id, kind: 'never-judged', state: 'mended', households: 1, sample: [3] }),
    );
  });

  it('looks at a township, too, of which somebody was heard only when the shock was planned', async () => {
    const id = randomUUID();
    const origin = originOf(id, 'crop-disaster');
    const other = 532327103;
    const newcomer: HouseholdSpec = { id: 901, township: other, maize: 400, perCapitaYuan: 8_000 };
    await world.shock(hail({ id, policyVersion: world.policyVersion }));
    await world.settled(id, 'done');
    owners.know([profile(newcomer)], [assessment(newcomer)]);
    await world.households([profile(newcomer)], [assessment(newcomer)]);
    await eventually(async () => expect(await world.settled(id, 'done')).toMatchObject({ exposed: 61 }));
    await loseJudgementsOf(origin, other);
    const run = await compared(world);
    expect(run.findings).toContainEqual(
      expect.objectContaining({
        shockId: id,
        region: String(other),
        kind: 'never-judged',
        state: 'mended',
        sample: [901],
      }),
    );
  });

  it('does not let a fan-out be done while a township of it was given up, and tells of it where the shock is over', async () => {
    const id = randomUUID();
    const origin = originOf(id, 'crop-disaster');
    await world.shock(hail({ id, policyVersion: world.policyVersion }));
    await world.settled(id, 'done');
    await world.shock(hail({ id, policyVersion: world.policyVersion, version: 2, state: ShockState.ENDED }));
    await eventually(async () =>
      expect(await query('SELECT FROM shocks WHERE shock_id = $1 AND state = 2', [id])).toHaveLength(1),
    );
    await loseJudgementsOf(origin, YIJIU);
    const given = await query<{ slice_no: number }>(
      `UPDATE slices SET state = 'superseded' WHERE origin = $1 AND townships = $2 RETURNING slice_no`,
      [origin, [YIJIU]],
    );
    expect(given).toHaveLength(1);
    await query(`UPDATE fan_outs SET state = 'running' WHERE origin = $1`, [origin]);
    for (let look = 0; look < 3; look += 1) await world.app.get(SettleLedger).execute('live');
    expect(await query('SELECT state FROM fan_outs WHERE origin = $1', [origin])).toEqual([{ state: 'running' }]);

    const headers = { authorization: `Bearer ${await world.token()}` };
    const ledger = (await world.app.inject({ url: `/v1/shocks/${id}/fan-out`, headers })).json<FanOutResponse>();
    expect(ledger.stuck).toMatchObject([
      { state: 'superseded', townships: [String(YIJIU)], nextTryAt: null, reason: { code: 'SLICE.GIVEN_UP' } },
    ]);
    expect(await world.app.get(WatchStuckSlices).execute()).toBe(1);

    const run = await compared(world);
    expect(run.findings).toMatchObject([
      { shockId: id, region: String(YIJIU), kind: 'never-judged', state: 'alarm', households: 30 },
    ]);
    const gauge = world.app.get<Registry>(METRICS).getSingleMetric('fangpin_reconciliation_alarms');
    await eventually(async () => expect((await gauge?.get())?.values[0]?.value).toBe(1));
  });
});
