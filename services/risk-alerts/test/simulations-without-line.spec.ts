import { DwellingGrade, type Shock } from '@fangpin/contracts';
import { cellScope } from '@fangpin/persistence';
import { eventually } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FanOutResponse } from '../src/ledger/fan-out.response.js';
import type { ShockLine } from '../src/simulations/backtest-shock.js';
import type { SimulationResponse } from '../src/simulations/simulation.response.js';
import type { ShadowRunResponse } from '../src/shadow/shadow-run.response.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { assessment, hail, profile, YONGDING, type HouseholdSpec } from './support/world.js';

/** 成都市锦江区柳江街道: no monitoring line is on file for any place of its province. */
const LIUJIANG = 510104036;
const BOTH = ['532327', '510104'];
const ONSET = '2026-07-18T02:00:00+08:00';

const farm = (id: number, township: number): HouseholdSpec => ({ id, township, maize: 300, perCapitaYuan: 8_000 });
const here = [1, 2, 3].map((id) => farm(id, YONGDING));
/** They have another dwelling each. */
const there = [11, 12].map((id) => ({ ...farm(id, LIUJIANG), onlyDwelling: false }));
/** Its only dwelling may fall, whatever its income is. */
const unsafe: HouseholdSpec = { ...farm(13, LIUJIANG), dwelling: DwellingGrade.D };
/** What a county would set. */
const line = { key: 'monitoring-line', region: '51', value: { fen: 870_000 } };

describe('where no monitoring line is set for one of the places', () => {
  let world: World;
  const overlay = mkdtempSync(join(tmpdir(), 'line-'));
  beforeAll(async () => {
    const record = {
      ...line,
      from: '2026-01-01',
      source: { document: 'a county draft', grade: 'unsourced' },
      assumed: true,
      author: 'a county officer',
      reason: 'Who would be alerted under such a line.',
    };
    writeFileSync(join(overlay, 'line.json'), JSON.stringify([record]));
    world = await startWorld({ env: { FANGPIN_POLICY_SHADOW: overlay } });
    const all = [...here, ...there, unsafe];
    await world.households(all.map(profile), all.map(assessment));
  });
  afterAll(async () => {
    await world.stop();
    rmSync(overlay, { recursive: true });
  });

  const asked = async (path: string, payload: object) => {
    const answer = await world.app.inject({
      method: 'POST',
      url: `/v1/simulations${path}`,
      headers: { authorization: `Bearer ${await world.token('operator', '00')}` },
      payload,
    });
    if (answer.statusCode !== 200) throw new Error(answer.body);
    return answer.body;
  };
  const simulate = async (payload: object) => JSON.parse(await asked('', payload)) as SimulationResponse;
  const backtest = async (shockId: string, payload: object): Promise<ShockLine> => {
    const lines = (await asked('/backtests', payload)).trim().split('\n');
    const found = lines.map((one) => JSON.parse(one) as ShockLine).find((one) => one.shockId === shockId);
    if (found === undefined) throw new Error(lines.join('\n'));
    return found;
  };
  const read = async <T>(url: string): Promise<T> => {
    const headers = { authorization: `Bearer ${await world.token('operator', '00')}` };
    return (await world.app.inject({ url, headers })).json<T>();
  };
  /** Every alert of the shock is stored, and the others wait. */
  const waiting = async (shock: Shock): Promise<FanOutResponse> => {
    await world.shock(shock);
    return eventually(async () => {
      const ledger = await read<FanOutResponse>(`/v1/shocks/${shock.shockId}/fan-out`);
      expect(ledger.slices.some(({ state, lastError }) => state === 'waiting' && lastError !== null)).toBe(true);
      return ledger;
    });
  };
  const noLine = (households: number, policyVersion: string) => ({
    region: String(LIUJIANG),
    name: '柳江街道',
    households,
    policyVersion,
    code: 'POLICY.NONE',
    key: 'monitoring-line',
    subject: null,
    text: '当地2026-07-18的监测线还没有定，收入这一项无法比较，这些户没有测算',
  });

  it('a simulation counts the others as the live lane does, and names the place with the reason', async () => {
    // Once a real shock has been looked at, the households are known.
    const ledger = await waiting(hail({ id: randomUUID(), policyVersion: world.policyVersion, regions: BOTH }));
    const answer = await simulate({ shock: { kind: 'hail', level: 'red', onset: ONSET, regions: BOTH } });
    expect(answer).toMatchObject({ exposed: ledger.exposed, alerted: ledger.alerted, unjudged: 3, unchanged: null });
    expect(answer.alerted).toBe(here.length);
    expect(answer.shocks[0]?.unjudgedIn).toEqual([noLine(3, world.policyVersion)]);
    expect(answer.townships).toMatchObject([
      { region: String(LIUJIANG), exposed: 0, alerted: 0, unjudged: 3, load: { casesPerCaseworker: 0 } },
      { region: String(YONGDING), alerted: 3, unjudged: 0 },
    ]);
    expect(answer.assumptions.join()).toContain('3户');
  });

  it('a need that wants no line counts, and what its income decides is told of beside it', async () => {
    const quake = {
      kind: 'earthquake',
      level: 'orange',
      onset: ONSET,
      intensity: [{ region: '510104', intensity: 9 }],
    };
    const crops = { region: '510104', cropHitMu: 10, housesCollapsed: 3 };
    const shaken = await simulate({ shock: { ...quake, regions: ['510104'] } });
    expect(shaken).toMatchObject({ alerted: 1, unjudged: 2, sample: [{ householdId: 13 }] });
    const flood = await simulate({
      shock: { kind: 'flood', level: 'red', onset: ONSET, regions: ['510104'], damage: [crops] },
    });
    expect(flood.shocks.map(({ cause }) => cause).sort()).toEqual(['crop-disaster', 'dwelling']);
    // The third is alerted for its house; what the flood does to its field is not known.
    expect(flood).toMatchObject({ alerted: 1, unjudged: 3 });
  });

  it('values that set one show whom it would alert, and compare nobody with what is not known', async () => {
    const shock = { kind: 'hail', level: 'red', onset: ONSET, regions: BOTH };
    const answer = await simulate({ shock, policy: [line] });
    expect(answer).toMatchObject({ alerted: 6, unjudged: 0, unchanged: { alerted: 3, unjudged: 3 } });
    expect(answer.differs).toMatchObject({ households: 0, newlyAlerted: 0 });
    expect(answer.shocks[0]?.unjudgedIn).toEqual([noLine(3, world.policyVersion)]);
  });

  it('a backtest goes on with the others', async () => {
    const shock = hail({ id: randomUUID(), policyVersion: world.policyVersion, regions: BOTH });
    const ledger = await waiting(shock);
    const { alerted } = ledger;
    const found = await backtest(shock.shockId, { months: 60, policy: [line] });
    expect(found).toMatchObject({
      had: { alerted, unjudged: 3 },
      changed: { alerted: 6, unjudged: 0 },
      done: { alerted },
      causes: [{ unjudgedIn: [noLine(3, world.policyVersion)] }],
    });
  });

  it('a shadow run waits for no line, and tells where either policy cannot judge', async () => {
    const shock = hail({ id: randomUUID(), policyVersion: world.policyVersion, regions: BOTH });
    await waiting(shock);
    await eventually(async () => {
      const url = `/v1/shadow-runs?shockId=${shock.shockId}`;
      const { items } = await read<{ items: ShadowRunResponse[] }>(url);
      expect(items).toMatchObject([
        {
          state: 'done',
          live: { alerted: 3, unjudged: 3 },
          shadow: { alerted: 6, unjudged: 0 },
          differs: { households: 0 },
          unjudgedIn: [noLine(3, world.policyVersion)],
        },
      ]);
      expect(items[0]?.townships.map(({ region }) => region)).toEqual([String(LIUJIANG), String(YONGDING)]);
    });
  });

  it('a shadow run of before, which says nothing of it, is read as it was', async () => {
    const admin = await world.db.open({ url: world.db.adminUrl });
    await admin.transaction(cellScope('spec'), (tx) =>
      tx.execute(
        `UPDATE shadow_run_townships SET live = live - 'unjudged', shadow = shadow - 'unjudged', unjudged_in = '[]'`,
      ),
    );
    await admin.close();
    const { items } = await read<{ items: ShadowRunResponse[] }>('/v1/shadow-runs');
    expect(items[0]).toMatchObject({ live: { alerted: 3, unjudged: 0 }, unjudgedIn: [] });
    expect(items[0]?.townships[0]).toMatchObject({ live: { unjudged: 0 } });
  });
});
