import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { HouseholdGroup, ShockState, type Shock } from '@fangpin/contracts';
import { cellScope } from '@fangpin/persistence';
import { eventually } from '@fangpin/testing';
import type { Figures } from '../src/simulations/figures.js';
import { SimulationGate } from '../src/simulations/simulation-gate.js';
import type { SimulationResponse } from '../src/simulations/simulation.response.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import {
  assessment,
  damaged,
  hail,
  layOff,
  pigPriceFall,
  profile,
  unsoldVegetables,
  YIJIU,
  YONGDING,
  type HouseholdSpec,
} from './support/world.js';

/** A small world of households that no two runs share; the seed is told when it fails. */
const households = (count: number): HouseholdSpec[] => {
  const household = fc.record({
    township: fc.constantFrom(YONGDING, YIJIU),
    persons: fc.integer({ min: 1, max: 7 }),
    labourers: fc.integer({ min: 0, max: 3 }),
    maize: fc.integer({ min: 0, max: 3_000 }),
    vegetables: fc.integer({ min: 0, max: 600 }),
    pigs: fc.integer({ min: 0, max: 40 }),
    perCapitaYuan: fc.integer({ min: 3_000, max: 40_000 }),
    wageYuan: fc.integer({ min: 0, max: 60_000 }),
    jobs: fc.array(fc.record({ branch: fc.constantFrom(200, 201), place: fc.constant('4419') }), { maxLength: 2 }),
  });
  return fc.sample(household, { numRuns: count, seed: 20_260_718 }).map((spec, i) => ({ id: i + 1, ...spec }));
};
const county = households(400);
const JULY = '2026-07-18T02:00:00+08:00';

describe('a simulation', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
    const profiles = county.map(profile);
    profiles.forEach((one, i) => {
      if (i % 3 === 0) one.group = HouseholdGroup.ORDINARY;
    });
    await world.households(profiles, county.map(assessment));
    // Once a real shock has been looked at, the households are known.
    await settle(hail(spec()));
  });
  afterAll(() => world.stop());

  const post = async (body: unknown, region = '532327', role = 'county-officer', path = '/v1/simulations') =>
    world.app.inject({
      method: 'POST',
      url: path,
      headers: { authorization: `Bearer ${await world.token(role, region)}`, 'content-type': 'application/json' },
      payload: JSON.stringify(body),
    });
  const simulate = async (body: unknown, region?: string, role?: string): Promise<SimulationResponse> => {
    const answer = await post(body, region, role);
    if (answer.statusCode !== 200) throw new Error(answer.body);
    return answer.json() as SimulationResponse;
  };
  const badFields = async (body: unknown, path?: string): Promise<string[]> => {
    const answer = await post(body, '532327', 'county-officer', path);
    expect(answer.statusCode).toBe(400);
    return (answer.json() as { errors: { field: string }[] }).errors.map(({ field }) => field).sort();
  };
  const settle = async (shock: Shock) => {
    await world.shock(shock);
    return world.settled(shock.shockId, 'done');
  };
  /** Every row of every table, counted. */
  const rows = async (): Promise<Record<string, number>> => {
    const admin = await world.db.open({ url: world.db.adminUrl });
    return admin.transaction(cellScope('spec'), async (tx) => {
      const tables = await tx.query<{ name: string }>(
        `SELECT c.oid::regclass::text AS name FROM pg_class c
         WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace ORDER BY 1`,
      );
      const counted: Record<string, number> = {};
      for (const { name } of tables)
        counted[name] = (await tx.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${name}`))[0]?.n ?? -1;
      return counted;
    });
  };

  const spec = (regions = ['532327']) => ({ id: randomUUID(), policyVersion: world.policyVersion, regions });
  it.each([
    ['hail', () => hail(spec()), { kind: 'hail', level: 'red', onset: JULY }],
    [
      'hail in one township',
      () => hail(spec([String(YIJIU)])),
      { kind: '冰雹', level: '红', regions: [String(YIJIU)], onset: JULY },
    ],
    [
      'a damage report',
      () => damaged(spec(), 4_000, 1_500),
      {
        kind: 'flood',
        level: 'red',
        regions: [String(YONGDING)],
        onset: JULY,
        damage: [{ region: String(YONGDING), cropHitMu: 4_000, cropDamagedMu: 1_500, cropLostMu: 1_500 }],
      },
    ],
    [
      'pigs at 12 yuan',
      () => pigPriceFall(spec(['00']), 1_900, 1_200),
      { regions: ['00'], onset: JULY, priceFall: { product: '生猪', referenceFenPerKg: 1_900, latestFenPerKg: 1_200 } },
    ],
    [
      'a lay-off far away',
      () => layOff(spec(['4419']), { branches: [201] }),
      { regions: ['4419'], onset: JULY, layOff: { branches: ['制造'] } },
    ],
    [
      'stock that nobody buys',
      () => unsoldVegetables(spec()),
      { onset: JULY, unsoldStock: { products: [{ product: '蔬菜', quantityKg: 120_000 }] } },
    ],
  ])('of %s counts what the real one does, township by township', async (_, real, shock) => {
    const event = real();
    const ledger = await settle(event);
    const answer = await simulate({ shock });
    expect(ledger.exposed).toBeGreaterThan(0);
    expect({
      exposed: answer.exposed,
      alerted: answer.alerted,
      withheld: answer.withheld,
      ...answer.severities,
    }).toEqual({
      exposed: ledger.exposed,
      alerted: ledger.alerted,
      withheld: ledger.withheld,
      red: ledger.red,
      orange: ledger.orange,
      yellow: ledger.yellow,
      blue: ledger.blue,
    });
    const told = await world.app.inject({
      method: 'GET',
      url: `/v1/shocks/${event.shockId}/fan-out`,
      headers: { authorization: `Bearer ${await world.token()}` },
    });
    const real2 = (told.json() as { townships: { region: string; exposed: number; alerted: number }[] }).townships;
    expect(answer.townships.map(({ region, exposed, alerted }) => ({ region, exposed, alerted }))).toEqual(
      real2.map(({ region, exposed, alerted }) => ({ region, exposed, alerted })),
    );
    const [sums] = await world.database.transaction(cellScope('spec'), (tx) =>
      tx.query<{ low: number; middle: number; high: number }>(
        `SELECT sum(loss_low_fen)::bigint AS low, sum(loss_fen)::bigint AS middle, sum(loss_high_fen)::bigint AS high
         FROM alerts a JOIN origins o USING (origin) WHERE o.shock_id = $1`,
        [event.shockId],
      ),
    );
    expect(answer.alertedLossFen).toEqual(sums);
    // The same by naming the shock.
    const named = await simulate({ shockId: event.shockId });
    expect({ ...figuresOf(named) }).toEqual(figuresOf(answer));
  });

  const figuresOf = ({
    exposed,
    alerted,
    withheld,
    withheldBy,
    severities,
    triage,
    householdTypes,
    lossFen,
  }: Figures) => ({
    ...{ exposed, alerted, withheld, withheldBy, severities, triage, householdTypes, lossFen },
  });

  it('explains a few households of each severity as their alerts would be, and tells types, triage and caseload', async () => {
    const answer = await simulate({
      shock: { kind: 'hail', level: 'red', onset: JULY },
      samplePerSeverity: 3,
      caseworkers: [{ region: String(YONGDING), persons: 4 }],
    });
    for (const [level, severity] of [4, 3, 2, 1].map((n) => [['', 'blue', 'yellow', 'orange', 'red'][n], n] as const))
      expect(answer.sample.filter((one) => one.severity === severity).length).toBe(
        Math.min(3, answer.severities[level as string] ?? 0),
      );
    for (const one of answer.sample) {
      expect(one.explanation.recomputed).toBe(true);
      expect(one.explanation.text).toContain('线索，不是认定结果');
      expect(one.triage).toBe(one.severity === 4 ? 'case' : 'check-item');
    }
    expect(answer.triage).toEqual({
      cases: answer.severities['red'],
      checkItems: answer.alerted - (answer.severities['red'] ?? 0),
      nothing: answer.withheld,
    });
    const types = Object.values(answer.householdTypes);
    expect(Object.keys(answer.householdTypes).sort()).toEqual(['lifted-out', 'ordinary']);
    expect(types.reduce((sum, type) => sum + type.exposed, 0)).toBe(answer.exposed);
    const [yongding, yijiu] = answer.townships;
    expect(yongding?.load).toEqual({
      caseworkers: 4,
      assumed: false,
      casesPerCaseworker: Math.round(((yongding?.triage.cases ?? 0) / 4) * 100) / 100,
    });
    expect(yijiu?.load.assumed).toBe(true);
    expect(answer.load.assumed).toBe(true);
    expect(answer.assumptions.join()).toContain('专干');
    expect(await simulate({ shock: { kind: 'hail', level: 'red', onset: JULY }, samplePerSeverity: 0 })).toMatchObject({
      sample: [],
    });
  });

  it('under changed values says what differs, household by household', async () => {
    const shock = { kind: 'hail', level: 'red', onset: JULY };
    const plain = await simulate({ shock });
    expect(plain).toMatchObject({ unchanged: null, differs: null });
    expect(plain.policy).toEqual({ base: world.policyVersion, version: world.policyVersion, changed: [] });
    const policy = [{ key: 'triage', value: { alertFrom: 3, caseFrom: 3 } }];
    const changed = await simulate({ shock, policy });
    const { red = 0, orange = 0, yellow = 0, blue = 0 } = plain.severities;
    expect(changed.alerted).toBe(red + orange);
    expect(changed.triage.cases).toBe(red + orange);
    expect(changed.unchanged).toMatchObject({ alerted: plain.alerted, severities: plain.severities });
    expect(changed.differs).toEqual({
      households: orange + yellow + blue,
      newlyAlerted: 0,
      noLongerAlerted: yellow + blue,
      moreSevere: 0,
      lessSevere: 0,
      newCases: orange,
      noLongerCases: 0,
    });
    expect(changed.policy.version).not.toBe(world.policyVersion);
    expect(changed.policy.changed.map(({ key }) => key)).toContain('triage');
    const local = await simulate({ shock, policy: [{ ...policy[0], region: String(YIJIU) }] });
    expect(local.townships.find(({ region }) => region === String(YONGDING))?.differs).toMatchObject({ households: 0 });
    // Alone, values are tried on what is open now.
    const onReal = await simulate({ policy });
    expect(onReal.shocks.length).toBeGreaterThanOrEqual(1);
    expect(onReal.shocks.every(({ shockId }) => shockId !== null)).toBe(true);
  });

  it('sees the area of who asks, and not the rest', async () => {
    const shock = { kind: 'hail', level: 'red', onset: JULY, regions: ['532327'] };
    const all = await simulate({ shock });
    const own = await simulate({ shock }, String(YIJIU), 'township-caseworker');
    const there = all.townships.find(({ region }) => region === String(YIJIU));
    expect(own.townships).toEqual([there]);
    expect(own.exposed).toBe(there?.exposed);
    expect(own.sample.every(({ region }) => region.startsWith(String(YIJIU)))).toBe(true);
    expect(await simulate({ shock, region: String(YIJIU) })).toMatchObject({ exposed: there?.exposed });
    expect((await post({ shock, region: '532327' }, String(YIJIU), 'township-caseworker')).statusCode).toBe(403);
    expect((await post({ shock }, '532327', 'helper')).statusCode).toBe(403);
    // A report of the whole county weighs the same in the eyes of a township.
    const report = {
      kind: 'flood',
      onset: JULY,
      regions: ['532327'],
      damage: [{ region: '532327', cropHitMu: 2_000 }],
    };
    const county = await simulate({ shock: report });
    const township = await simulate({ shock: report }, String(YIJIU), 'township-caseworker');
    expect(township.townships).toEqual(county.townships.filter(({ region }) => region === String(YIJIU)));
  });

  it('stores nothing', async () => {
    await settle(hail(spec()));
    const before = await rows();
    await simulate({
      shock: { kind: 'hail', level: 'red', onset: JULY },
      policy: [{ key: 'triage', value: { alertFrom: 1, caseFrom: 1 } }],
    });
    await post({ months: 60 }, '532327', 'county-officer', '/v1/simulations/backtests');
    expect(await rows()).toEqual(before);
  });

  it('is refused with the name of every bad member', async () => {
    expect(await badFields({})).toEqual(['shock']);
    expect(await badFields({ shock: { kind: 'hial' }, colour: 1 })).toEqual(['colour']);
    expect(await badFields({ shock: { kind: 'hial', level: 'purple', regions: ['5x', '999999'] } })).toEqual([
      'shock.kind',
      'shock.level',
      'shock.regions[0]',
      'shock.regions[1]',
    ]);
    expect(await badFields({ shock: { kind: 'fog' } })).toEqual(['shock.kind']);
    expect(await badFields({ shock: {} })).toEqual(['shock.kind']);
    expect(
      await badFields({ shock: { priceFall: { product: '生猪', referenceFenPerKg: 1_200, latestFenPerKg: 1_900 } } }),
    ).toEqual(['shock.priceFall.latestFenPerKg']);
    expect(await badFields({ shock: { priceFall: { product: '天鹅', referenceFenPerKg: 12.5 } } })).toEqual([
      'shock.priceFall.latestFenPerKg',
      'shock.priceFall.referenceFenPerKg',
    ]);
    expect(await badFields({ shock: { kind: 'hail', layOff: {} } })).toEqual(['shock.layOff']);
    expect(
      await badFields({ shock: { kind: 'flood', damage: [{ region: '53', cropHitMu: 1, cropDamagedMu: 2 }] } }),
    ).toEqual(['shock.damage[0].cropDamagedMu', 'shock.damage[0].region']);
    expect(await badFields({ policy: [{ key: 'triage', value: { alertFrom: 7, caseFrom: 4 } }] })).toEqual([
      'policy[0].value.alertFrom',
    ]);
    expect(await badFields({ policy: [{ key: 'crop-loss', subject: 'mais', value: {} }] })).toContain(
      'policy[0].value',
    );
    expect(await badFields({ policy: [{ value: {} }] })).toEqual(['policy[0].key']);
    expect(await badFields({ region: 'x', shock: { kind: 'hail' } })).toEqual(['region']);
    expect(await badFields({ shock: { kind: 'hail' }, caseworkers: [{ region: '5323', persons: 2 }] })).toEqual([
      'caseworkers[0].region',
    ]);
    expect(await badFields({ months: 0 }, '/v1/simulations/backtests')).toEqual(['months']);
    expect((await post({ shockId: randomUUID() })).statusCode).toBe(404);
  });

  it('is asked to come again when as many run as may', async () => {
    const gate = world.app.get(SimulationGate);
    const leave = [gate.enter(), gate.enter()];
    const answer = await post({ shock: { kind: 'hail', level: 'red', onset: JULY } });
    expect(answer.statusCode).toBe(429);
    expect(answer.headers['retry-after']).toBeDefined();
    leave.forEach((go) => go());
    expect((await post({ shock: { kind: 'hail', level: 'red', onset: JULY } })).statusCode).toBe(200);
  });

  it('ends when nobody waits for it, and lets the next one in', async () => {
    const gate = world.app.get(SimulationGate);
    const gone = new AbortController();
    const run = gate.run(gone.signal, 60, async (signal) => {
      gone.abort(new Error('went away'));
      await gate.standAside(signal);
    });
    await expect(run).rejects.toThrow('went away');
    await expect(
      gate.run(new AbortController().signal, 0, (signal) =>
        gate
          .standAside(signal)
          .then(() => new Promise((_, no) => signal.addEventListener('abort', () => no(new Error('stopped'))))),
      ),
    ).rejects.toMatchObject({ code: 'SIMULATION.TOO_LONG' });
    [gate.enter(), gate.enter()].forEach((leave) => leave());
  });

  describe('over the shocks of the last months', () => {
    const lines = async (body: unknown, region?: string, role?: string) => {
      const answer = await post(body, region, role, '/v1/simulations/backtests');
      expect(answer.statusCode).toBe(200);
      expect(answer.headers['content-type']).toContain('application/x-ndjson');
      return answer.body
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, never> & { type: string });
    };

    it('compares the policy that each had with the changed one, and with what was done', async () => {
      const event = hail(spec());
      const ledger = await settle(event);
      const policy = [{ key: 'triage', value: { alertFrom: 3, caseFrom: 3 } }];
      const [head, ...rest] = await lines({ months: 60, policy });
      expect(head).toMatchObject({ type: 'backtest', region: '532327', months: 60 });
      const total = rest.pop();
      expect(total).toMatchObject({
        type: 'total',
        complete: true,
        stoppedBy: null,
        shocksLeft: 0,
        shocks: rest.length,
      });
      const own = rest.find((line) => line['shockId'] === event.shockId);
      expect(own).toMatchObject({
        type: 'shock',
        policyVersion: world.policyVersion,
        had: { exposed: ledger.exposed, alerted: ledger.alerted },
        changed: { exposed: ledger.exposed, alerted: ledger.red + ledger.orange },
        differs: { noLongerAlerted: ledger.yellow + ledger.blue, newCases: ledger.orange },
        done: { alerted: ledger.alerted, listed: ledger.listed, casesOpened: 0 },
      });
      const sum = (of: (line: Record<string, never>) => number) => rest.reduce((n, line) => n + of(line), 0);
      expect((total?.['had'] as unknown as Figures).alerted).toBe(
        sum((line) => (line['had'] as unknown as Figures).alerted),
      );
    });

    it('takes the last revision of each shock, within the area of who asks, and none judged before', async () => {
      const event = hail(spec());
      await settle(event);
      await world.shock(hail({ ...spec([String(YONGDING)]), id: event.shockId, version: 2 }));
      await eventually(async () => {
        const [, ...rest] = await lines({ months: 60 }, String(YIJIU), 'township-caseworker');
        const own = rest.filter((line) => line['shockId'] === event.shockId);
        expect(own).toHaveLength(1);
        expect(own[0]).toMatchObject({ had: { exposed: 0 }, differs: { households: 0 } });
      });
      await world.shock(hail({ ...spec(), id: event.shockId, version: 3, state: ShockState.CANCELLED }));
      await world.settled(event.shockId, 'recalled');
      const [, ...after] = await lines({ months: 60 });
      expect(after.find((line) => line['shockId'] === event.shockId)).toMatchObject({
        done: { dropped: expect.any(Number) },
      });
    });
  });
});
