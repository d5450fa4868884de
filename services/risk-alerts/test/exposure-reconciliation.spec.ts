import { HouseholdState } from '@fangpin/contracts';
import { cellScope } from '@fangpin/persistence';
import { eventually } from '@fangpin/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { liveExposure } from '../src/exposure/exposure-sets.js';
import { AskExposure } from '../src/reconciliation/exposure/ask-exposure.js';
import { SettleExposure } from '../src/reconciliation/exposure/settle-exposure.js';
import type { ReconciliationPage, ReconciliationResponse } from '../src/reconciliation/reconciliation.responses.js';
import { OwnersDesk } from './support/owners-desk.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { assessment, profile, YIJIU, YONGDING, type HouseholdSpec } from './support/world.js';

const JOB = { branch: 205, place: '530100', employer: '9144030071526726XG' };
const county: HouseholdSpec[] = Array.from({ length: 40 }, (_, i) => ({
  id: i + 1,
  township: i % 2 === 0 ? YONGDING : YIJIU,
  maize: 400,
  ...(i % 5 === 0 ? { jobs: [JOB], wageYuan: 20_000, waterScheme: 'YJ-7' } : {}),
  ...(i % 7 === 0 ? { state: HouseholdState.MOVED_OUT } : {}),
  ...(i % 3 === 0 ? { spentYuan: 900 } : {}),
  ...(i % 4 === 0 ? { removedOn: i % 8 === 0 ? '2026-05-20' : '' } : {}),
}));

const UNKNOWN_INCOME = 11;

describe('the comparison of exposure with its owners', () => {
  let world: World;
  let desk: OwnersDesk;

  beforeAll(async () => {
    world = await startWorld({
      env: {
        FANGPIN_RECONCILIATION_QUIET_SECONDS: '0',
        FANGPIN_RECONCILIATION_REST_SECONDS: '1',
        FANGPIN_RECONCILIATION_SILENT_SECONDS: '2',
        FANGPIN_RECONCILIATION_LOOK_SECONDS: '1',
        FANGPIN_RECONCILIATION_ROUNDS: '4',
      },
    });
    desk = new OwnersDesk(world.producer);
    const [profiles, assessments] = [
      county.map(profile),
      county.filter(({ id }) => id !== UNKNOWN_INCOME).map(assessment),
    ];
    desk.know(profiles, assessments);
    await desk.listen(world.bus);
    await world.households(profiles, assessments);
    await eventually(async () => expect(await snapshot()).toHaveLength(county.length));
    await eventually(async () =>
      expect((await snapshot()).filter(({ income_revision }) => income_revision > 0)).toHaveLength(county.length - 1),
    );
  }, 120_000);
  afterAll(() => world.stop());
  beforeEach(() => void desk.saidAgain.splice(0));

  /** All of it, as rows that can be compared. */
  const snapshot = (): Promise<{ household_id: number; income_revision: number; lines: unknown }[]> =>
    world.database.transaction(cellScope('spec'), async (tx) => {
      const { households, livelihoods } = await liveExposure(tx, 'read');
      return tx.query(
        `SELECT e.*, (SELECT jsonb_agg(to_jsonb(l) ORDER BY line) FROM ${livelihoods} l WHERE l.household_id = e.household_id) AS lines
         FROM ${households} e ORDER BY household_id`,
      );
    });
  const damage = (sql: string, values: unknown[] = []): Promise<number> =>
    world.database.transaction(cellScope('spec'), (tx) => tx.execute(sql, values));
  const call = async <T>(method: 'GET' | 'POST', role = 'operator', region = '00'): Promise<T> => {
    const authorization = `Bearer ${await world.token(role, region)}`;
    return (await world.app.inject({ method, url: '/v1/reconciliations', headers: { authorization } })).json<T>();
  };
  const compared = async (): Promise<ReconciliationResponse> => {
    const { id } = await call<{ id: number }>('POST');
    return eventually(
      async () => {
        const found = (await call<ReconciliationPage>('GET')).items.find((one) => one.id === id);
        if (found?.state !== 'closed') throw new Error(`comparison ${id} is ${found?.state ?? 'unknown'}`);
        return found;
      },
      { timeoutMs: 30_000 },
    );
  };
  const kinds = ({ findings }: ReconciliationResponse): string[] =>
    findings.map(({ subject, region, kind, state, households }) =>
      [subject, region, kind, state, households].join(' '),
    );

  it('agrees where nothing was lost; a household whose income is not known is counted, and no alarm', async () => {
    const run = await compared();
    expect(run.exposure).toEqual({
      compared: 4,
      agreed: 4,
      mended: 0,
      alarms: 0,
      households: 40,
      withoutAssessment: 1,
      assessmentsWithoutHousehold: 0,
    });
    expect(run.findings).toEqual([]);
    expect(desk.saidAgain).toEqual([]);
  });

  it('has said again what was lost, changed or torn, and nothing else', async () => {
    const before = await snapshot();
    await damage('DELETE FROM exposure_a WHERE household_id = 2');
    await damage('UPDATE exposure_a SET persons = 9 WHERE household_id = 3');
    await damage('UPDATE exposure_a SET profile_revision = profile_revision + 5, dwelling = 4 WHERE household_id = 5');
    await damage('DELETE FROM exposure_livelihood_a WHERE household_id = 6 AND line = 0');
    await damage('UPDATE exposure_a SET per_capita_fen = 1 WHERE household_id = 7');
    await damage(`UPDATE exposure_a SET duty_code = duty_code + 1000000 WHERE household_id = 9`);
    const run = await compared();
    expect(run.exposure).toMatchObject({ mended: 4, alarms: 0 });
    expect(kinds(run)).toEqual(
      expect.arrayContaining([
        `households ${YIJIU} exposure-lost mended 1`,
        `households ${YIJIU} exposure-differs mended 1`,
        `households ${YONGDING} exposure-differs mended 3`,
        `assessments ${YIJIU} exposure-lost mended 1`,
      ]),
    );
    expect(await snapshot()).toEqual(before);
    expect([...new Set(desk.saidAgain)].sort((a, b) => a - b)).toEqual([2, 3, 5, 6, 7, 9]);
  });

  it('fills a township of which nothing is held', async () => {
    const before = await snapshot();
    await damage('DELETE FROM exposure_livelihood_a WHERE duty_code / 1000000 = $1', [YIJIU]);
    await damage('DELETE FROM exposure_a WHERE duty_code / 1000000 = $1', [YIJIU]);
    const run = await compared();
    expect(kinds(run)).toContain(`households ${YIJIU} exposure-lost mended 20`);
    expect(await snapshot()).toEqual(before);
  });

  it('leaves alone what may still be on its way', async () => {
    const changed = profile({ ...(county[3] as HouseholdSpec), persons: 6, version: 2 });
    const known = desk.profiles.get(4);
    desk.know([changed], []);
    desk.recent.add(4);
    const run = await compared();
    expect(run.findings).toEqual([]);
    expect(desk.saidAgain).toEqual([]);
    desk.recent.clear();
    if (known) desk.know([known], []);
  });

  it('tells of a household that its owner does not know, after a second look', async () => {
    const known = desk.profiles.get(8);
    desk.profiles.delete(8);
    const run = await compared();
    expect(run.findings).toMatchObject([
      { subject: 'households', shockId: null, kind: 'unknown-to-owner', state: 'alarm', households: 1, sample: [8] },
    ]);
    expect(await call<ReconciliationPage>('GET', 'county-officer', String(YONGDING))).toMatchObject({
      items: expect.arrayContaining([expect.objectContaining({ id: run.id, findings: [] })]),
    });
    if (known) desk.know([known], []);
  });

  it('is worked at by any number of instances, and no township is asked about twice in a round', async () => {
    const before = await snapshot();
    await damage('UPDATE exposure_a SET labourers = 7 WHERE household_id BETWEEN 12 AND 20');
    desk.asked.splice(0);
    const [ask, settle] = [world.app.get(AskExposure), world.app.get(SettleExposure)];
    const many = async (): Promise<void> => {
      await Promise.all([1, 2, 3, 4].flatMap(() => [ask.execute(), settle.execute()]));
    };
    const run = compared();
    for (let i = 0; i < 10; i += 1) await many();
    expect(await run).toMatchObject({ alarms: 0, exposure: { mended: 2, agreed: 2, alarms: 0 } });
    expect(new Set(desk.asked).size).toBe(desk.asked.length);
    expect(await snapshot()).toEqual(before);
  });

  it('tells of an owner that does not reply', async () => {
    desk.silent = true;
    const run = await compared();
    desk.silent = false;
    expect(run.exposure).toMatchObject({ compared: 4, alarms: 6 });
    expect(run.findings.every(({ kind, state }) => kind === 'no-reply' && state === 'alarm')).toBe(true);
    // Each owner was asked about two townships, and for a census of the cell, which is the whole country here.
    expect(new Set(run.findings.map(({ region }) => region))).toEqual(new Set(['00', String(YONGDING), String(YIJIU)]));
    expect((await compared()).exposure).toMatchObject({ agreed: 4, alarms: 0 });
  }, 120_000);
});
