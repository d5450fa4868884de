import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ShockState } from '@fangpin/contracts';
import { eventually } from '@fangpin/testing';
import { PlanFanOuts } from '../src/fan-out/plan-fan-outs.js';
import type { FanOutResponse } from '../src/ledger/fan-out.response.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { assessment, hail, profile, revision, YIJIU, YONGDING, type HouseholdSpec } from './support/world.js';

/** 中和镇. */
const ZHONGHE = 532327103;
const county: HouseholdSpec[] = Array.from({ length: 95 }, (_, i) => ({
  id: i + 1,
  township: i < 40 ? YONGDING : i < 60 ? YIJIU : ZHONGHE,
  maize: 300,
  perCapitaYuan: 8_000,
}));
const ONE_TOWNSHIP = [String(YONGDING)];
const WHOLE_COUNTY = ['532327'];
const ORANGE = 3;

describe('a shock over the set size that an officer has confirmed', () => {
  const overlay = mkdtempSync(join(tmpdir(), 'confirm-'));
  let world: World;

  beforeAll(async () => {
    const source = { document: 'a spec', grade: 'G' };
    const value = { households: 30, mayGrowByShare: 0.2 };
    const record = {
      key: 'confirm-over',
      region: '5323',
      from: '2020-01-01',
      value,
      source,
      author: 'a spec',
      reason: 'a spec',
    };
    writeFileSync(join(overlay, 'confirm.json'), JSON.stringify([record]));
    world = await startWorld({ env: { FANGPIN_POLICY_OVERLAY: overlay } });
    await world.households(county.map(profile), county.map(assessment));
  });
  afterAll(async () => {
    await world.stop();
    rmSync(overlay, { recursive: true });
  });

  const says = (id: string, version: number, more: Partial<Parameters<typeof hail>[0]> = {}): Promise<void> =>
    world.shock(
      hail({ id, version, level: ORANGE, regions: ONE_TOWNSHIP, policyVersion: world.policyVersion, ...more }),
    );
  const ledger = async (id: string, region?: string): Promise<FanOutResponse> => {
    const headers = { authorization: `Bearer ${await world.token('county-officer', region)}` };
    return (await world.app.inject({ method: 'GET', url: `/v1/shocks/${id}/fan-out`, headers })).json();
  };
  const comesTo = (id: string, version: number, state: string): Promise<FanOutResponse> =>
    eventually(async () => {
      const shown = await ledger(id);
      expect([shown.revision, shown.state]).toEqual([revision(version), state]);
      return shown;
    });
  const confirm = async (id: string, region?: string, seen?: number): Promise<number> => {
    const authorization = `Bearer ${await world.token('county-officer', region)}`;
    const headers = { authorization, ...(seen !== undefined && { 'if-match': `"${seen}"` }) };
    return (await world.app.inject({ method: 'POST', url: `/v1/shocks/${id}/confirm`, headers })).statusCode;
  };
  const confirmed = async (id: string, version: number): Promise<FanOutResponse> => {
    await comesTo(id, version, 'awaiting-confirmation');
    expect(await confirm(id)).toBe(200);
    return comesTo(id, version, 'done');
  };

  it('is confirmed by nobody whose area it reaches beyond, and by nobody who has seen another revision', async () => {
    const id = randomUUID();
    await says(id, 1);
    await comesTo(id, 1, 'awaiting-confirmation');
    expect(await confirm(id, '532301')).toBe(403);
    expect(await confirm(id, '532327102')).toBe(403);
    await says(id, 2);
    await comesTo(id, 2, 'awaiting-confirmation');
    expect(await confirm(id, '5323', revision(1))).toBe(412);
    expect(await ledger(id)).toMatchObject({ state: 'awaiting-confirmation', confirmation: null });
    expect(await confirm(id, '5323', revision(2))).toBe(200);
    await comesTo(id, 2, 'done');
  });

  it('tells how many it might touch to those alone in whose area all of it lies', async () => {
    const id = randomUUID();
    await says(id, 1, { regions: WHOLE_COUNTY });
    expect(await comesTo(id, 1, 'awaiting-confirmation')).toMatchObject({ candidates: 95 });
    for (const elsewhere of ['110101', String(YIJIU)]) {
      expect(await ledger(id, elsewhere)).toMatchObject({
        candidates: null,
        awaits: { code: 'FAN_OUT.OVER_SET_SIZE', text: '涉及的户数超过须经确认的户数，请县级核实后确认' },
      });
    }
    expect((await confirmed(id, 1)).confirmation).toMatchObject({ households: 95 });
    expect((await ledger(id, String(YIJIU))).confirmation).toMatchObject({ households: null });
  });

  it('goes on by itself in later revisions, and the ledger shows by whose word', async () => {
    const id = randomUUID();
    await says(id, 1);
    expect(await comesTo(id, 1, 'awaiting-confirmation')).toMatchObject({
      confirmation: null,
      awaits: { code: 'FAN_OUT.OVER_SET_SIZE', text: '可能涉及40户，超过须经确认的户数，请县级核实后确认' },
    });
    const first = await confirmed(id, 1);
    const seen = { revision: revision(1), households: 40 };
    expect(first).toMatchObject({ confirmation: { ...seen, carriedOver: false }, awaits: null });
    for (const version of [2, 3, 4]) {
      await says(id, version, { backwards: version === 4 });
      expect(await comesTo(id, version, 'done')).toMatchObject({
        awaits: null,
        confirmation: { ...seen, confirmedBy: first.confirmation?.confirmedBy, carriedOver: true },
      });
    }
    // The officer says it again of what goes on by that word already.
    expect(await confirm(id)).toBe(200);
  });

  it('waits again once it reaches materially more, and goes on by the later word', async () => {
    const id = randomUUID();
    await says(id, 1);
    await confirmed(id, 1);
    await says(id, 2, { regions: WHOLE_COUNTY });
    expect(await comesTo(id, 2, 'awaiting-confirmation')).toMatchObject({
      candidates: 95,
      awaits: { code: 'FAN_OUT.REACHES_MORE' },
    });
    // A smaller revision is within what was confirmed first.
    await says(id, 3);
    await comesTo(id, 3, 'done');
    await says(id, 4, { regions: WHOLE_COUNTY });
    await confirmed(id, 4);
    await says(id, 5, { regions: WHOLE_COUNTY });
    expect((await comesTo(id, 5, 'done')).confirmation).toMatchObject({ revision: revision(4), households: 95 });
  });

  it('waits again where it moves to another place, at however few households', async () => {
    const id = randomUUID();
    await says(id, 1);
    await confirmed(id, 1);
    await says(id, 2, { regions: [String(ZHONGHE)] });
    expect(await comesTo(id, 2, 'awaiting-confirmation')).toMatchObject({
      candidates: 35,
      awaits: { code: 'FAN_OUT.REACHES_MORE', text: '可能涉及35户，明显超出上次确认的范围，请县级重新确认' },
    });
  });

  it('waits again at a higher level, and not at a lower one', async () => {
    const id = randomUUID();
    await says(id, 1);
    await confirmed(id, 1);
    await says(id, 2, { level: ORANGE - 1 });
    await comesTo(id, 2, 'done');
    // As high as was confirmed, though higher than the one before.
    await says(id, 3);
    await comesTo(id, 3, 'done');
    await says(id, 4, { level: ORANGE + 1 });
    expect((await comesTo(id, 4, 'awaiting-confirmation')).awaits?.code).toBe('FAN_OUT.LEVEL_HIGHER');
  });

  it('waits again where it was taken back meanwhile', async () => {
    const id = randomUUID();
    await says(id, 1);
    await confirmed(id, 1);
    await says(id, 2, { state: ShockState.CANCELLED });
    await comesTo(id, 2, 'recalled');
    await says(id, 3);
    expect((await comesTo(id, 3, 'awaiting-confirmation')).awaits?.code).toBe('FAN_OUT.OVER_SET_SIZE');
    await confirmed(id, 3);
    await says(id, 4);
    expect((await comesTo(id, 4, 'done')).confirmation).toMatchObject({ revision: revision(3), carriedOver: true });
  });

  it('goes on where the next revision comes in the moment of the word, planned by several at once', async () => {
    const id = randomUUID();
    await says(id, 1);
    await comesTo(id, 1, 'awaiting-confirmation');
    expect(await confirm(id)).toBe(200);
    await says(id, 2);
    await says(id, 2);
    const plan = world.app.get(PlanFanOuts);
    for (let round = 0; round < 5; round += 1)
      await Promise.all([plan.execute('live'), plan.execute('live'), plan.execute('live')]);
    const shown = await comesTo(id, 2, 'done');
    expect(shown.confirmation).toMatchObject({ revision: revision(1), carriedOver: true });
    expect([shown.exposed, shown.slices.reduce((sum, { count }) => sum + count, 0)]).toEqual([40, expect.any(Number)]);
  });

  it('that never waited, because it was small, has not been confirmed', async () => {
    const id = randomUUID();
    await says(id, 1, { regions: [String(YIJIU)] });
    expect((await comesTo(id, 1, 'done')).confirmation).toBeNull();
    await says(id, 2);
    await comesTo(id, 2, 'awaiting-confirmation');
  });
});
