import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ShockState } from '@fangpin/contracts';
import { parseRegionCode } from '@fangpin/domain-kit';
import { cellScope } from '@fangpin/persistence';
import { eventually } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { atRiskSql } from '../src/regional/at-risk-sql.js';
import type { ExplainedRegionalAlert } from '../src/regional/regional-alert.responses.js';
import { asOwner } from './support/comparisons.js';
import { maizeDamaged } from './support/maize-damaged.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { assessment, profile, type HouseholdSpec } from './support/world.js';

/** 永仁县 and 元谋县: in each forty households, thirty of them with maize. */
const YONGREN = '532327';
const YUANMOU = '532328';
const households: HouseholdSpec[] = [YONGREN, YUANMOU].flatMap((county, at) =>
  Array.from({ length: 40 }, (_, i) => ({
    id: at * 40 + i + 1,
    township: Number(`${county}101`),
    perCapitaYuan: 9_500,
    ...(i < 30 ? { maize: 300 } : {}),
  })),
);
const limits = (fromHouseholds: number) => ({ fromHouseholds, fromShare: 0.2, easeBelowShare: 0.1 });
const noParts = { fromParts: 10, fromShare: 1, easeBelowShare: 0 };
const value = {
  ...{ village: limits(100_000), township: limits(100_000), county: limits(10) },
  ...{ villagesOfTownship: noParts, townshipsOfCounty: noParts, withinDays: 90, atMostPerShock: 0, endAfterDays: 30 },
};

describe('a household that moves to the next county when its shock is over', () => {
  const overlay = mkdtempSync(join(tmpdir(), 'moved-'));
  let world: World;
  beforeAll(async () => {
    const record = { key: 'regional-warning', subject: 'product', region: '53', from: '2020-01-01', value };
    const why = { source: { document: 'a spec', grade: 'G' }, author: 'a spec', reason: 'a spec' };
    writeFileSync(join(overlay, 'regional.json'), JSON.stringify([{ ...record, ...why }]));
    world = await startWorld({ env: { FANGPIN_POLICY_OVERLAY: overlay } });
    await world.households(households.map(profile), households.map(assessment));
    const told = { id: randomUUID(), policyVersion: world.policyVersion };
    await world.shock(maizeDamaged(told, YONGREN, YUANMOU));
    await world.settled(told.id, 'done');
    await world.shock(maizeDamaged({ ...told, version: 2, state: ShockState.ENDED }, YONGREN, YUANMOU));
    await eventually(async () => expect(await query('SELECT FROM shocks WHERE state = 1')).toEqual([]));
    await eventually(async () => expect(await query('SELECT FROM episode_alerts')).toHaveLength(60));
    const moved = { ...(households[0] as HouseholdSpec), township: Number(`${YUANMOU}101`), version: 2 };
    await world.households([profile(moved)], [assessment(moved)]);
    await eventually(async () =>
      expect(await query('SELECT duty_code FROM exposure_a WHERE household_id = 1')).toEqual([
        { duty_code: Number(`${YUANMOU}101201000`) },
      ]),
    );
    // Nobody looked at it again.
    expect(await query('SELECT FROM alerts WHERE household_id = 1')).toHaveLength(1);
  });
  afterAll(async () => {
    await world.stop();
    rmSync(overlay, { recursive: true });
  });

  const query = <Row extends Record<string, unknown>>(sql: string, values: unknown[] = []): Promise<Row[]> =>
    world.database.transaction(cellScope('spec'), (tx) => tx.query<Row>(sql, values));
  const warned = async (county: string): Promise<ExplainedRegionalAlert> => {
    const headers = { authorization: `Bearer ${await world.token('county-officer', county)}` };
    const url = `/v1/regional-alerts/${county}.product.2?limit=200`;
    return (await world.app.inject({ url, headers })).json<ExplainedRegionalAlert>();
  };
  const idsOf = ({ members }: ExplainedRegionalAlert): number[] => members.items.map(({ householdId }) => householdId);

  it('counts for the early warning of the county where it lives, and stands among its members', async () => {
    await query('INSERT INTO regional_looks (area) VALUES ($1), ($2)', [YONGREN, YUANMOU]);
    await eventually(async () => {
      expect(await warned(YUANMOU)).toMatchObject({ households: 31, ofHouseholds: 41 });
      expect(await warned(YONGREN)).toMatchObject({ households: 29, ofHouseholds: 39 });
    });
    expect(idsOf(await warned(YUANMOU))).toContain(1);
    expect(idsOf(await warned(YUANMOU))).toHaveLength(31);
    expect(idsOf(await warned(YONGREN))).not.toContain(1);
    expect(idsOf(await warned(YONGREN))).toHaveLength(29);
  });

  it('is known as moved, as nobody else is', async () => {
    expect(await query('SELECT household_id FROM moved_households')).toEqual([{ household_id: 1 }]);
  });

  it('and all others are found among the slices of years by their days, and members by their households', async () => {
    await asOwner(
      world,
      `INSERT INTO slices (origin, shock_revision, direction, townships, state, stored_at, settled_at, followed_at, published_at)
       SELECT n, 1, 'raise', '{}', 'published', now() - interval '1 year', now(), now(), now() FROM generate_series(1, 50000) AS n`,
    );
    await asOwner(world, 'ANALYZE slices');
    const plan = async (among: readonly number[]): Promise<string> => {
      const range = [532327000000000, 532328000000000, new Date(Date.now() - 90 * 86_400_000)];
      const rows = await world.database.transaction(cellScope('spec', parseRegionCode('53')), async (tx) => {
        // Of sixty alerts, once they are counted, all are read as soon as an index: here it is asked what can be found by one.
        await tx.execute('SET LOCAL enable_seqscan = off');
        return tx.query<{ 'QUERY PLAN': string }>(
          `EXPLAIN WITH ${atRiskSql('exposure_a', { among: '$4' })} SELECT count(*) FROM risk`,
          [...range, among],
        );
      });
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    };
    const told = await plan([1, 2, 3]);
    expect(told).toContain('slices_stored');
    expect(told).toContain('alerts_by_duty');
    expect(told).not.toContain('Seq Scan on alerts');
  });
});
