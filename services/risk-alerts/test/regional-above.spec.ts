import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ShockState } from '@fangpin/contracts';
import type { RegionCode } from '@fangpin/domain-kit';
import { cellScope } from '@fangpin/persistence';
import { eventually } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sweepWhenDue } from '../src/regional/ask-for-looks.js';
import { rangeOf, type Area } from '../src/regional/areas.js';
import { countedCounties, noteCountiesNotLookedAt } from '../src/regional/county-counts.js';
import { LookAtArea } from '../src/regional/look-at-area.js';
import type { ExplainedRegionalAlert, RegionalAlertPage } from '../src/regional/regional-alert.responses.js';
import { maizeDamaged } from './support/maize-damaged.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { assessment, hail, profile, type HouseholdSpec } from './support/world.js';

/** 永仁县 and 元谋县 of 楚雄州, 剑川县 of 大理州: forty households each, thirty of them with maize. */
const COUNTIES = ['532327', '532328', '532931'] as const;
const [YONGREN, YUANMOU, JIANCHUAN] = COUNTIES;
const households: HouseholdSpec[] = COUNTIES.flatMap((county, at) =>
  Array.from({ length: 40 }, (_, i) => ({
    id: at * 40 + i + 1,
    township: Number(`${county}101`),
    perCapitaYuan: 9_500,
    ...(i < 30 ? { maize: 300 } : {}),
  })),
);
const withMaize = (county: string): number[] =>
  households.filter(({ township, maize }) => String(township).startsWith(county) && maize).map(({ id }) => id);

const source = { document: 'a spec', grade: 'G' };
const record = (key: string, value: unknown) => ({
  key,
  subject: 'product',
  region: '53',
  from: '2020-01-01',
  value,
  source,
  author: 'a spec',
  reason: 'a spec',
});
const limits = (fromHouseholds: number) => ({ fromHouseholds, fromShare: 0.2, easeBelowShare: 0.1 });
const noParts = { fromParts: 10, fromShare: 1, easeBelowShare: 0 };
const above = { households: limits(20), carriedBy: { atLeastParts: 2, ...limits(10) }, struckParts: noParts };
const records = [
  record('regional-warning', {
    village: limits(100_000),
    township: limits(100_000),
    county: limits(10),
    villagesOfTownship: noParts,
    townshipsOfCounty: noParts,
    withinDays: 90,
    atMostPerShock: 0,
    endAfterDays: 30,
  }),
  record('regional-warning-above', { prefecture: above, province: above, endAfterDays: 30 }),
];

describe('early warning above the county', () => {
  const overlay = mkdtempSync(join(tmpdir(), 'regional-'));
  const shocks = new Map<string, string>();
  let world: World;

  beforeAll(async () => {
    writeFileSync(join(overlay, 'regional.json'), JSON.stringify(records));
    world = await startWorld({ env: { FANGPIN_POLICY_OVERLAY: overlay } });
    await world.households(households.map(profile), households.map(assessment));
  });
  afterAll(async () => {
    await world.stop();
    rmSync(overlay, { recursive: true });
  });

  const ask = async <T>(path: string, region = '53'): Promise<T> => {
    const response = await world.app.inject({
      url: `/v1/regional-alerts${path}`,
      headers: { authorization: `Bearer ${await world.token('prefecture-analyst', region)}` },
    });
    return response.json<T>();
  };
  const listed = async (query = '', region = '53'): Promise<string[]> =>
    (await ask<RegionalAlertPage>(`?limit=200${query}`, region)).items
      .filter(({ rule }) => rule === 'product')
      .map(({ id, state }) => `${id} ${state}`);
  const query = <Row extends Record<string, unknown>>(sql: string, values: unknown[] = []): Promise<Row[]> =>
    world.database.transaction(cellScope('spec'), (tx) => tx.query<Row>(sql, values));
  /** All that waits has been judged: nothing is asked for, and nothing under way. */
  const judged = (): Promise<void> =>
    eventually(async () => {
      expect(await query('SELECT area FROM regional_looks')).toEqual([]);
      expect(await query(`SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = ${0x7265}`)).toEqual([]);
    });
  const hails = async (county: string): Promise<void> => {
    const id = randomUUID();
    shocks.set(county, id);
    await world.shock(maizeDamaged({ id, policyVersion: world.policyVersion }, county));
    expect((await world.settled(id, 'done')).alerted).toBe(30);
    await eventually(async () => expect(await listed('&level=county')).toContain(`${county}.product.2 open`));
    await judged();
  };
  const calledOff = async (county: string): Promise<void> => {
    const id = shocks.get(county) as string;
    const { policyVersion } = world;
    await world.shock(hail({ id, version: 2, state: ShockState.CANCELLED, policyVersion, regions: [county] }));
    await world.settled(id, 'recalled');
    await eventually(async () => expect(await listed('&level=county')).toContain(`${county}.product.2 ended`));
    await judged();
  };
  const membersOf = async (id: string, region: string, limit: number): Promise<number[]> => {
    const found: number[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { members }: ExplainedRegionalAlert = await ask(`/${id}?limit=${limit}&cursor=${cursor}`, region);
      expect(members.items.length).toBeLessThanOrEqual(limit);
      found.push(...members.items.map(({ householdId }) => householdId));
      cursor = members.nextCursor;
    }
    return found;
  };

  it('is not given for one county alone, whose neighbours are counted though no shock was there', async () => {
    await hails(YONGREN);
    expect(await listed()).toEqual([`${YONGREN}.product.2 open`]);
    const counted = await query(
      'SELECT duty_code / 1000000000 AS county, active_households FROM regional_counties ORDER BY 1',
    );
    expect(counted).toEqual(COUNTIES.map((county) => ({ county: Number(county), active_households: 40 })));
    expect(await query(`SELECT households, within_days FROM regional_counts WHERE rule = 'product'`)).toEqual([
      { households: 30, within_days: 90 },
    ]);
  });

  it('is not given by the share of one county while another, known of an earlier version alone, waits for its look', async () => {
    const chuxiong: Area = { level: 'prefecture', dutyCode: 532300000000000 };
    const looked = new Date('2026-07-18T04:00:00Z');
    const known = await world.database.transaction(cellScope('spec'), async (tx) => {
      const yuanmou = Number(YUANMOU) * 1e9;
      await tx.execute(
        `UPDATE regional_counties SET active_households = 0, counted_at = 'epoch' WHERE duty_code = $1`,
        [yuanmou],
      );
      await noteCountiesNotLookedAt(tx, rangeOf(chuxiong), looked);
      expect(await tx.query('SELECT area FROM regional_looks')).toEqual([{ area: Number(YUANMOU) }]);
      return (await countedCounties(tx, rangeOf(chuxiong))).get(yuanmou);
    });
    expect(known).toEqual({ of: 40, countedAt: looked });
    await judged();
    expect(await listed()).toEqual([`${YONGREN}.product.2 open`]);
  });

  it('is given for the prefecture when a second county is struck, and names both', async () => {
    await hails(YUANMOU);
    expect(await listed('&level=prefecture')).toEqual(['5323.product.2 open']);
    expect(await listed('&level=province')).toEqual([]);
    const told = await ask<ExplainedRegionalAlert>('/5323.product.2', '5323');
    expect(told).toMatchObject({
      name: '楚雄彝族自治州',
      level: 'prefecture',
      households: 60,
      ofHouseholds: 80,
      share: 0.75,
      parts: 2,
      struckParts: 2,
      explanation: { carriedBy: { atLeastParts: 2, carrying: 2, holding: 2 }, withinDays: 90 },
      below: { counted: 2, listed: 10 },
    });
    expect(told.explanation.policy.recordId).toContain('regional-warning-above.product/53');
    expect(told.below?.areas).toMatchObject([
      {
        region: YONGREN,
        name: '永仁县',
        level: 'county',
        households: 30,
        ofHouseholds: 40,
        share: 0.75,
        carries: true,
      },
      { region: YUANMOU, warningId: `${YUANMOU}.product.2`, state: 'open', withinDays: 90, counties: 1 },
    ]);
    expect(told.below?.notHeld.map(({ name }) => name)).toContain('楚雄市');
    expect(told.explanation.text).toContain(
      '楚雄彝族自治州（按本系统现有的2个县统计，名录共10个）80户中有60户因玉米被提示风险，占75%',
    );
    expect(told.explanation.text).toContain(
      '主要集中在永仁县30户（占75%，分担线10户、缓解线5户，预警中）、元谋县30户（占75%，分担线10户、缓解线5户，预警中）',
    );
    expect(told.explanation.text).toContain('楚雄市、禄丰市、双柏县');
  });

  it('is given for the province when a second prefecture carries it, which has one county here and none of its own', async () => {
    await hails(JIANCHUAN);
    expect(await listed('&level=prefecture')).toEqual(['5323.product.2 open']);
    expect(await listed('&level=province')).toEqual(['53.product.2 open']);
    const told = await ask<ExplainedRegionalAlert>('/53.product.2');
    expect(told).toMatchObject({ name: '云南省', households: 90, ofHouseholds: 120, parts: 2, struckParts: 1 });
    expect(told.below).toMatchObject({ counted: 2, listed: 16 });
    expect(told.below?.areas).toMatchObject([
      { region: '5323', level: 'prefecture', warningId: '5323.product.2', state: 'open', counties: 2 },
      {
        region: '5329',
        name: '大理白族自治州',
        households: 30,
        warningId: null,
        state: null,
        counties: 1,
        carries: true,
      },
    ]);
  });

  it('shows its members county by county, each once, and to each caller those of the own area', async () => {
    const all = COUNTIES.flatMap(withMaize);
    for (const limit of [7, 30, 60, 200]) expect(await membersOf('53.product.2', '53', limit)).toEqual(all);
    expect(await membersOf('5323.product.2', '5323', 45)).toEqual([...withMaize(YONGREN), ...withMaize(YUANMOU)]);
    expect(await membersOf(`${YUANMOU}.product.2`, YUANMOU, 200)).toEqual(withMaize(YUANMOU));
    // Whoever answers for a county or prefecture sees nothing above it, and none of its neighbours.
    for (const [id, region] of [
      ['5323.product.2', YONGREN],
      [`${YUANMOU}.product.2`, YONGREN],
      ['53.product.2', '5323'],
      [`${JIANCHUAN}.product.2`, '5323'],
    ] as const)
      expect(await ask(`/${id}`, region)).toMatchObject({ code: 'REGIONAL_ALERT.NOT_FOUND' });
    expect(await listed('', YONGREN)).toEqual([`${YONGREN}.product.2 open`]);
    expect(await listed('', '5323')).toEqual([
      '5323.product.2 open',
      `${YONGREN}.product.2 open`,
      `${YUANMOU}.product.2 open`,
    ]);
    expect(await ask('?level=city')).toMatchObject({ status: 400 });
    // A cursor of the list of warnings, and one of a county's members, are none of the prefecture's.
    const { nextCursor } = await ask<RegionalAlertPage>('?limit=1');
    const { members } = await ask<ExplainedRegionalAlert>(`/${YONGREN}.product.2?limit=1`);
    for (const cursor of [nextCursor, members.nextCursor])
      expect(await ask(`/5323.product.2?cursor=${cursor}`)).toMatchObject({
        status: 400,
        code: 'REQUEST.INVALID_VALUE',
      });
  });

  it('counts a household that moves to the next county in one of them', async () => {
    const moved = { ...(households[0] as HouseholdSpec), township: Number(`${YUANMOU}101`), version: 2 };
    await world.households([profile(moved)], [assessment(moved)]);
    const lives = async (): Promise<unknown> =>
      (await query('SELECT duty_code FROM exposure_a WHERE household_id = 1'))[0];
    await eventually(async () => expect(await lives()).toEqual({ duty_code: Number(`${YUANMOU}101201000`) }));
    await query('INSERT INTO regional_looks (area) VALUES ($1), ($2)', [YONGREN, YUANMOU]);
    await judged();
    const told = await ask<ExplainedRegionalAlert>('/5323.product.2');
    expect(told.ofHouseholds).toBe(80);
    expect(told.below?.areas.map(({ ofHouseholds }) => ofHouseholds).sort()).toEqual([39, 41]);
    const members = await membersOf('5323.product.2', '5323', 25);
    expect(new Set(members).size).toBe(members.length);
    expect(members).toHaveLength(told.households);
  });

  it('is judged as often as asked, by however many instances, and changes nothing where nothing has changed', async () => {
    const count = async (): Promise<unknown> => query('SELECT count(*)::int AS n FROM regional_alert_history');
    const before = await count();
    await query('INSERT INTO regional_looks (area) VALUES (5323), (53), (5323)');
    await Promise.all([1, 2, 3].map(() => world.app.get(LookAtArea).execute()));
    await judged();
    expect(await count()).toEqual(before);
  });

  it('is looked at by the sweep after its counties, of which none is forgotten that was ever looked at', async () => {
    await query('UPDATE regional_sweep SET due_at = now()');
    // Nobody lives in this one any more.
    await query(`INSERT INTO regional_counties VALUES (532331000000000, 0, 'epoch')`);
    const asked = await world.database.transaction(cellScope('spec'), async (tx) => {
      // Whoever looks for work waits: this sweep is not committed.
      expect(await sweepWhenDue(tx, 60, '00' as RegionCode)).toBe(true);
      return tx.query('SELECT area FROM regional_looks ORDER BY area');
    });
    expect(asked).toEqual([...COUNTIES, '532331'].sort().map((county) => ({ area: Number(county) })));
    await judged();
    const [left] = await query(
      `SELECT counted_at > 'epoch' AS looked FROM regional_counties WHERE duty_code = 532331000000000`,
    );
    expect(left).toEqual({ looked: true });
  });

  it('eases with the second prefecture, then with the second county, and stays open for the county', async () => {
    await calledOff(JIANCHUAN);
    expect(await listed('&level=province')).toEqual(['53.product.2 eased']);
    expect(await listed('&level=prefecture&state=open')).toEqual(['5323.product.2 open']);
    await calledOff(YUANMOU);
    expect(await listed()).toEqual([
      '53.product.2 eased',
      '5323.product.2 eased',
      `${YONGREN}.product.2 open`,
      `${YUANMOU}.product.2 ended`,
      `${JIANCHUAN}.product.2 ended`,
    ]);
    const { history, explanation } = await ask<ExplainedRegionalAlert>('/5323.product.2');
    expect(history[0]?.state).toBe('eased');
    expect(explanation.text).toContain('目前已缓解');
    expect(explanation.text).toContain('集中在永仁县');
  });
});
