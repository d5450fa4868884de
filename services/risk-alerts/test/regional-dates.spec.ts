import { randomUUID } from 'node:crypto';
import { ShockState } from '@fangpin/contracts';
import { originOf } from '@fangpin/domain-kit';
import { cellScope } from '@fangpin/persistence';
import { eventually } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { atRiskSql } from '../src/regional/at-risk-sql.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { assessment, hail, profile, YIJIU, YONGDING, type HouseholdSpec } from './support/world.js';

const county: HouseholdSpec[] = Array.from({ length: 20 }, (_, i) => ({
  id: i + 1,
  township: i % 2 === 0 ? YONGDING : YIJIU,
  maize: 300,
  perCapitaYuan: 9_500,
}));
const DAY_MS = 86_400_000;

describe('a risk that early warning counts', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
    await world.households(county.map(profile), county.map(assessment));
  });
  afterAll(() => world.stop());

  const query = <Row extends Record<string, unknown>>(sql: string, values: unknown[] = []): Promise<Row[]> =>
    world.database.transaction(cellScope('spec'), (tx) => tx.query<Row>(sql, values));
  /** Households at risk by a shock that arose within so many days. */
  const atRisk = async (shockId: string, days = 90): Promise<number> => {
    const [row] = await query<{ n: number }>(
      `WITH ${atRiskSql('exposure_a')} SELECT count(DISTINCT household_id)::int AS n FROM risk WHERE origin = $4`,
      [532327000000000, 532328000000000, new Date(Date.now() - days * DAY_MS), originOf(shockId, 'crop-disaster')],
    );
    return row?.n ?? -1;
  };
  const lastFanOut = (shockId: string) =>
    query(`SELECT lane, state FROM fan_outs WHERE origin = $1 ORDER BY shock_revision DESC LIMIT 1`, [
      originOf(shockId, 'crop-disaster'),
    ]);
  const looksAt = async (shockId: string): Promise<number> =>
    (
      await query(`SELECT FROM slices WHERE origin = $1 AND direction = 'relook' AND state = 'published'`, [
        originOf(shockId, 'crop-disaster'),
      ])
    ).length;
  const ageBy = (shockId: string, days: number) =>
    query('UPDATE slices SET stored_at = stored_at - make_interval(days => $2) WHERE origin = $1', [
      originOf(shockId, 'crop-disaster'),
      days,
    ]);

  it('is no new one when a policy is applied backwards to a shock of last year', async () => {
    const id = randomUUID();
    const shock = { id, policyVersion: world.policyVersion };
    await world.shock(hail(shock));
    const { alerted } = await world.settled(id, 'done');
    expect(alerted).toBe(county.length);
    expect(await atRisk(id)).toBe(alerted);
    await world.shock(hail({ ...shock, version: 2, state: ShockState.ENDED }));
    await ageBy(id, 200);
    expect(await atRisk(id)).toBe(0);

    await world.shock(hail({ ...shock, version: 3, state: ShockState.ENDED, backwards: true }));
    await eventually(async () => expect(await lastFanOut(id)).toEqual([{ lane: 'bulk', state: 'done' }]));
    expect(await atRisk(id)).toBe(0);
    expect(await atRisk(id, 220)).toBe(alerted);
  });

  it('is of the day of the shock where only a policy applied backwards has raised it', async () => {
    const id = randomUUID();
    await world.shock(hail({ id, policyVersion: world.policyVersion, state: ShockState.ENDED, backwards: true }));
    const { alerted } = await world.settled(id, 'done');
    expect(await lastFanOut(id)).toEqual([{ lane: 'bulk', state: 'done' }]);
    const sinceShockDays = (Date.now() - Date.parse('2026-07-18T00:00:00+08:00')) / DAY_MS;
    expect(await atRisk(id, Math.floor(sinceShockDays))).toBe(0);
    expect(await atRisk(id, Math.ceil(sinceShockDays))).toBe(alerted);
  });

  it('is no new one when a household is looked at again, unless that finds it worse off', async () => {
    const id = randomUUID();
    await world.shock(hail({ id, policyVersion: world.policyVersion }));
    await world.settled(id, 'done');
    await ageBy(id, 200);
    const [one] = county as [HouseholdSpec];
    await world.households([], [assessment({ ...one, version: 2, perCapitaYuan: 9_550 })]);
    await eventually(async () => expect(await looksAt(id)).toBe(1));
    expect(await atRisk(id)).toBe(0);

    await world.households([profile({ ...one, version: 3, maize: 3_000 })], []);
    await eventually(async () => expect(await looksAt(id)).toBe(2));
    expect(await atRisk(id)).toBe(1);

    // A revision says the shock of everybody: it still goes on.
    await world.shock(hail({ id, policyVersion: world.policyVersion, version: 2 }));
    await eventually(async () => expect(await atRisk(id)).toBe(county.length));
  });

  it('is answered by its case that has ended, whatever policy it is judged under afterwards', async () => {
    const id = randomUUID();
    const shock = { id, policyVersion: world.policyVersion };
    const origin = originOf(id, 'crop-disaster');
    await world.shock(hail(shock));
    const { alerted } = await world.settled(id, 'done');
    await eventually(async () =>
      expect(await query('SELECT FROM episode_alerts WHERE origin = $1', [origin])).toHaveLength(alerted),
    );
    await query('UPDATE episode_alerts SET closed_revision = revision WHERE origin = $1 AND household_id = 1', [
      origin,
    ]);
    expect(await atRisk(id)).toBe(alerted - 1);
    await world.shock(hail({ ...shock, version: 2, backwards: true }));
    await eventually(async () => expect(await lastFanOut(id)).toEqual([{ lane: 'bulk', state: 'done' }]));
    expect(await atRisk(id)).toBe(alerted - 1);
  });
});
