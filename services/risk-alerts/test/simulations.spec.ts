import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { create } from '@bufbuild/protobuf';
import { randomUUID } from 'node:crypto';
import { Lane, WaterCutSchema, type Shock } from '@fangpin/contracts';
import { cellScope } from '@fangpin/persistence';
import { eventually } from '@fangpin/testing';
import type { Figures } from '../src/simulations/figures.js';
import { SimulationGate } from '../src/simulations/simulation-gate.js';
import type { SimulationResponse } from '../src/simulations/simulation.response.js';
import { countedRows, rowsAtRest } from './support/counted-rows.js';
import { settleIn } from './support/random-county.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { damaged, hail, layOff, pigPriceFall, unsoldVegetables, YIJIU, YONGDING } from './support/world.js';

const JULY = '2026-07-18T02:00:00+08:00';

interface Ledger {
  state: string;
  region: string;
  exposed: number;
  alerted: number;
  withheld: number;
  severities: Record<string, number>;
  townships: Ledger[];
}

describe('a simulation', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
    await settleIn(world);
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
  const alertedLoss = (shockId: string) =>
    world.database.transaction(cellScope('spec'), async (tx) => {
      const [sums] = await tx.query(
        `SELECT sum(loss_low_fen)::bigint AS low, sum(loss_fen)::bigint AS middle, sum(loss_high_fen)::bigint AS high
         FROM alerts a JOIN origins o USING (origin) WHERE o.shock_id = $1`,
        [shockId],
      );
      return sums;
    });
  /** The ledger of a shock over all its causes, once it is settled. */
  const fanOut = (shockId: string) =>
    eventually(async () => {
      const told = await world.app.inject({
        method: 'GET',
        url: `/v1/shocks/${shockId}/fan-out`,
        headers: { authorization: `Bearer ${await world.token()}` },
      });
      const ledger = told.json() as Ledger;
      expect(ledger.state).toBe('done');
      return ledger;
    });
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
      'a flood that takes crops and houses',
      () => {
        const shock = damaged(spec(), 4_000, 1_500);
        for (const area of shock.damage) area.housesDamaged = 30;
        return shock;
      },
      {
        kind: 'flood',
        level: 'red',
        regions: [String(YONGDING)],
        onset: JULY,
        damage: [
          { region: String(YONGDING), cropHitMu: 4_000, cropDamagedMu: 1_500, cropLostMu: 1_500, housesDamaged: 30 },
        ],
      },
    ],
    [
      'a county without water',
      () => {
        const shock = hail({ ...spec(), kind: 'water-cut' });
        shock.waterCut = create(WaterCutSchema, { days: 20 });
        return shock;
      },
      { level: 'red', onset: JULY, waterCut: { days: 20 } },
    ],
    [
      'stock that nobody buys',
      () => unsoldVegetables(spec()),
      { onset: JULY, unsoldStock: { products: [{ product: '蔬菜', quantityKg: 120_000 }] } },
    ],
  ])('of %s counts what the real one does, township by township', async (_, real, shock) => {
    const event = real();
    await world.shock(event);
    const ledger = await fanOut(event.shockId);
    const answer = await simulate({ shock });
    expect(ledger.exposed).toBeGreaterThan(0);
    const counts = ({ exposed, alerted, withheld, severities }: Ledger) => ({ exposed, alerted, withheld, severities });
    const by = (townships: Ledger['townships']) =>
      townships.map((township) => ({ region: township.region, ...counts(township) }));
    expect(counts(answer as unknown as Ledger)).toEqual(counts(ledger));
    expect(by(answer.townships as unknown as Ledger['townships'])).toEqual(by(ledger.townships));
    if (answer.shocks.length === 1) expect(answer.alertedLossFen).toEqual(await alertedLoss(event.shockId));
    // The same by naming the shock.
    const named = await simulate({ shockId: event.shockId });
    expect({ ...figuresOf(named) }).toEqual(figuresOf(answer));
  });

  const FIGURES =
    'exposed alerted withheld withheldBy unjudged severities triage householdTypes lossFen alertedLossFen';
  const figuresOf = (told: Figures) =>
    Object.fromEntries(Object.entries(told).filter(([name]) => FIGURES.split(' ').includes(name)));

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

  it('of a forecast alerts nobody: it says who would be exposed, and what would follow once it happens', async () => {
    const storm = { kind: 'hail', level: 'red', onset: JULY };
    const happened = await simulate({ shock: storm });
    expect(happened).toMatchObject({ shocks: [{ lane: 'alert' }], ifItHappens: null });
    expect(happened.assumptions.join()).toContain('不能当作当地总损失的范围');
    const forecast = await simulate({ shock: { ...storm, observed: false } });
    expect(forecast).toMatchObject({
      shocks: [{ lane: 'notice' }],
      exposed: happened.exposed,
      alerted: 0,
      withheld: happened.exposed,
      withheldBy: { lane: happened.exposed },
      triage: { cases: 0, checkItems: 0, nothing: happened.exposed },
      lossFen: happened.lossFen,
      alertedLossFen: { low: 0, middle: 0, high: 0 },
      sample: [],
      load: { casesPerCaseworker: 0 },
    });
    expect(forecast.ifItHappens).toEqual(figuresOf(happened));
    expect(forecast.townships.map(({ exposed }) => exposed)).toEqual(happened.townships.map(({ exposed }) => exposed));
    expect(forecast.assumptions.join()).toContain('只发提示，不向农户预警');
    const yellow = await simulate({ shock: { ...storm, level: 'yellow', observed: false } });
    expect(yellow).toMatchObject({ shocks: [{ lane: 'recorded' }], alerted: 0 });

    // A county that tries to alert by forecasts sees what it would get.
    const forecastLanes = { unknown: 'recorded', blue: 'recorded', yellow: 'notice', orange: 'alert', red: 'alert' };
    const tried = await simulate({
      shock: { ...storm, observed: false },
      policy: [{ key: 'lane', subject: 'hail', value: { observed: 'alert', forecast: forecastLanes } }],
    });
    expect(tried).toMatchObject({
      shocks: [{ lane: 'alert' }],
      alerted: happened.alerted,
      unchanged: { alerted: 0, exposed: happened.exposed },
      differs: { newlyAlerted: happened.alerted, newCases: happened.triage.cases },
      ifItHappens: null,
    });
  });

  it('of a real notice says what would follow once it happens', async () => {
    const warning = hail({ ...spec(), lane: Lane.NOTICE });
    warning.observed = false;
    await world.shock(warning);
    const named = await eventually(() => simulate({ shockId: warning.shockId }));
    expect(named).toMatchObject({ shocks: [{ shockId: warning.shockId, lane: 'notice' }], alerted: 0 });
    expect(named.assumptions.join()).toContain('ifItHappens');
    const happened = hail(spec());
    await settle(happened);
    expect(named.ifItHappens).toEqual(figuresOf(await simulate({ shockId: happened.shockId })));
    expect(named.ifItHappens?.alerted).toBeGreaterThan(0);
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
    const before = await rowsAtRest(world);
    await simulate({
      shock: { kind: 'hail', level: 'red', onset: JULY },
      policy: [{ key: 'triage', value: { alertFrom: 1, caseFrom: 1 } }],
    });
    await post({ months: 60 }, '532327', 'county-officer', '/v1/simulations/backtests');
    expect(await countedRows(world)).toEqual(before);
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
    // Before any policy, no kind has a model.
    expect(await badFields({ shock: { kind: 'hail', onset: '1999-07-18' } })).toEqual(['shock.onset']);
    expect(await badFields({ shock: { layOff: {}, onset: '1999-07-18' } })).toEqual(['shock.onset']);
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
    for (const key of ['__proto__', 'constructor'])
      expect(await badFields({ policy: [{ key, value: 1 }] })).toEqual(['policy[0].key']);
    const triage = { key: 'triage', value: { alertFrom: 1, caseFrom: 4 } };
    expect(await badFields({ policy: [{ ...triage, region: '999999' }] })).toEqual(['policy[0].region']);
    // Null is no way of leaving a member out.
    for (const member of ['shock', 'shockId', 'policy', 'caseworkers', 'samplePerSeverity', 'region'])
      expect(await badFields({ [member]: null })).toEqual([member]);
    for (const member of ['regions', 'onset', 'damage', 'intensity', 'animalDisease', 'priceFall', 'waterCut'])
      expect(await badFields({ shock: { kind: 'flood', [member]: null } })).toEqual([`shock.${member}`]);
    expect(await badFields({ months: 5, policy: null }, '/v1/simulations/backtests')).toEqual(['policy']);
    const quake = { kind: 'earthquake', regions: ['532327'], intensity: [{ region: '532301', intensity: 8 }] };
    expect(await badFields({ shock: quake })).toEqual(['shock.intensity[0].region']);
    for (const region of ['5323', '532327999'])
      expect(await badFields({ shock: { kind: 'hail' }, caseworkers: [{ region, persons: 2 }] })).toEqual([
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
});
