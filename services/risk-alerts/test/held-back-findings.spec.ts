import { randomUUID } from 'node:crypto';
import { DwellingGrade, FindingKind, HouseholdState } from '@fangpin/contracts';
import { originOf, packRevision, shanghaiDay } from '@fangpin/domain-kit';
import { cellScope } from '@fangpin/persistence';
import { changePolicy } from '@fangpin/policy';
import { eventually } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ExplainedAlertResponse } from '../src/alerts/alert.responses.js';
import type { PictureResponse } from '../src/episodes/picture.responses.js';
import type { SettledFindingResponse } from '../src/findings/reading/finding.responses.js';
import { WaitingFindings } from '../src/findings/waiting-findings.js';
import { PolicyVersions } from '../src/policy/policy-versions.js';
import { atRiskSql } from '../src/regional/at-risk-sql.js';
import { finding, type FindingChange } from './support/findings.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { assessment, dutyOf, profile, YONGDING, type HouseholdSpec } from './support/world.js';

describe('a finding that raised no alert, or could not be judged,', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.stop());

  const push = async (household: number, change: FindingChange): Promise<string> => {
    const [id] = await world.findings(finding({ id: household }, { department: 'housing', ...change }));
    return id as string;
  };
  const becomes = (id: string, change: object, region?: string): Promise<SettledFindingResponse> =>
    eventually(async () => {
      const headers = { authorization: `Bearer ${await world.token('county-officer', region)}` };
      const now = (await world.app.inject({ url: `/v1/findings/${id}`, headers })).json<SettledFindingResponse>();
      expect(now).toMatchObject(change);
      return now;
    });
  const sql = (text: string, values: readonly unknown[] = []): Promise<Record<string, unknown>[]> =>
    world.database.transaction(cellScope('spec'), (tx) => tx.query(text, values));
  const stored = async (spec: HouseholdSpec): Promise<void> => {
    await world.households([profile(spec)], [assessment(spec)]);
    await eventually(async () =>
      expect(
        await sql(
          'SELECT 1 FROM exposure_a WHERE household_id = $1 AND income_revision = $2 AND profile_revision = $2',
          [spec.id, packRevision({ epoch: 1, version: spec.version ?? 1 })],
        ),
      ).toHaveLength(1),
    );
  };
  const alerted = { outcome: 'alerted', reason: null, alerts: [{ status: 'raised', answer: 'listed' }] };

  it('does so once the register says that the house in danger is the only one', async () => {
    const home: HouseholdSpec = { id: 1, perCapitaYuan: 60_000, onlyDwelling: false };
    await stored(home);
    const id = await push(1, { kind: FindingKind.UNSAFE_HOUSE, houseGrade: DwellingGrade.D });
    await becomes(id, { outcome: 'withheld', reason: { code: 'below-threshold' }, alerts: [] });
    await stored({ ...home, version: 2, onlyDwelling: true });
    await becomes(id, { outcome: 'alerted', alerts: [{ severity: 4 }] });
  });

  it('does so once the household has a lower threshold, or earns less', async () => {
    const rich: HouseholdSpec = { id: 2, perCapitaYuan: 90_000 };
    const ordinary: HouseholdSpec = { id: 3, perCapitaYuan: 9_000, ordinary: true };
    for (const spec of [rich, ordinary]) await stored(spec);
    const bill = { kind: FindingKind.MEDICAL_SPENDING, spentFen: 1_200_000n, spentSince: '2026-01-01' };
    const [first, second] = [await push(2, bill), await push(3, bill)];
    await becomes(first, { outcome: 'withheld', reason: { code: 'income-well-above-line' } });
    await becomes(second, { outcome: 'withheld', reason: { code: 'below-threshold' } });
    await world.households([], [assessment({ ...rich, perCapitaYuan: 9_000, version: 2 })]);
    await becomes(first, alerted);
    await world.households([profile({ ...ordinary, ordinary: false, version: 2 })], []);
    await becomes(second, alerted);
  });

  it('raises none when it is too long ago for that', async () => {
    const home: HouseholdSpec = { id: 4, perCapitaYuan: 60_000, onlyDwelling: false };
    await stored(home);
    const old = { kind: FindingKind.UNSAFE_HOUSE, houseGrade: DwellingGrade.D, occurredOn: '2024-03-01' };
    const id = await push(4, old);
    const { decidedAt } = await becomes(id, { outcome: 'withheld' });
    await stored({ ...home, version: 2, onlyDwelling: true });
    await becomes(id, { outcome: 'withheld', decidedAt });
  });

  it('of a household that is away is corrected when that comes back, and its alert stands meanwhile', async () => {
    const home: HouseholdSpec = { id: 6, perCapitaYuan: 60_000 };
    await stored(home);
    const absent = { kind: FindingKind.DROP_OUT, findingId: randomUUID(), department: 'education' };
    await push(6, { ...absent, days: 40 });
    await becomes(absent.findingId, { outcome: 'alerted', alerts: [{ severity: 4 }] });
    await stored({ ...home, version: 2, state: HouseholdState.MOVED_OUT });
    await push(6, { ...absent, days: 9, version: 2 });
    const left = {
      outcome: 'alerted',
      reason: { code: 'household-left' },
      alerts: [{ severity: 4, status: 'raised' }],
    };
    await becomes(absent.findingId, left);
    await stored({ ...home, version: 3 });
    await becomes(absent.findingId, { outcome: 'alerted', reason: null, alerts: [{ severity: 2, status: 'raised' }] });
  });

  it('for want of a policy waits for one, and keeps the alert that stands', async () => {
    await stored({ id: 5, perCapitaYuan: 9_000 });
    const bill = { kind: FindingKind.MEDICAL_SPENDING, spentFen: 4_000_000n, spentSince: '2026-01-01' };
    const findingId = randomUUID();
    await push(5, { ...bill, findingId });
    await becomes(findingId, alerted);
    const revision = BigInt(packRevision({ epoch: 1, version: 2 }));
    await push(5, { ...bill, findingId, revision, occurredOn: '1999-01-01', spentSince: '1999-01-01' });
    await becomes(findingId, { ...alerted, revision: Number(revision), reason: { code: 'no-policy' } });
    const never = await push(5, { ...bill, occurredOn: '1999-01-01', spentSince: '1999-01-01' });
    await becomes(never, { outcome: 'waiting', reason: { code: 'no-policy' }, alerts: [] });

    const waiting = world.app.get(WaitingFindings);
    expect(await waiting.execute()).toBe(0);
    await sql(`UPDATE findings SET policy_version = 'before' WHERE finding_id = $1`, [never]);
    expect(await waiting.execute()).toBe(1);
    await becomes(never, { outcome: 'waiting', reason: { code: 'no-policy' } });

    const now = await push(5, { ...bill, spentFen: 100n });
    await becomes(now, { outcome: 'withheld', reason: { code: 'below-threshold' } });
    await sql(
      `UPDATE findings SET outcome = 'waiting', reason = 'no-policy', policy_version = 'before' WHERE finding_id = $1`,
      [now],
    );
    expect(await waiting.execute()).toBe(1);
    await becomes(now, { outcome: 'withheld', reason: { code: 'below-threshold' } });
  });

  it('for want of a line alerts a need at once, and is judged by the line once there is one', async () => {
    // No monitoring line is on file for any place of that province.
    const there: HouseholdSpec = { id: 7, township: 510104020, perCapitaYuan: 60_000 };
    await stored(there);
    const dutyCode = BigInt(dutyOf(there));
    const lost = await push(7, { kind: FindingKind.DEATH_OF_EARNER, department: 'civil-affairs', dutyCode });
    const bill = { kind: FindingKind.MEDICAL_SPENDING, spentFen: 4_000_000n, spentSince: '2026-01-01', dutyCode };
    const waits = await push(7, bill);
    await becomes(waits, { outcome: 'waiting', reason: { code: 'no-policy' }, alerts: [] }, '510104');
    const alert = { status: 'raised', published: true };
    const { alertId } = await becomes(
      lost,
      { outcome: 'alerted', reason: { code: 'no-line' }, alerts: [alert] },
      '510104',
    );
    const explained = async (region: string): Promise<{ revision: number; text: string; lineFen: unknown }> => {
      const headers = { authorization: `Bearer ${await world.token('county-officer', region)}` };
      const told = (await world.app.inject({ url: `/v1/alerts/${alertId}`, headers })).json<ExplainedAlertResponse>();
      expect(told.explanation.recomputed).toBe(true);
      const line = told.explanation.steps.find(({ step }) => step === 'line');
      return { revision: told.revision, text: told.explanation.text, lineFen: line?.values['lineFen'] };
    };
    const before = await explained('510104');
    expect(before).toMatchObject({ lineFen: null, text: expect.stringContaining('当地的监测线还没有定') });
    expect(world.batches.find(({ shockId }) => shockId === lost)?.lineFen).toBe(0n);
    // What several causes are together is not judged there, and holds up neither its picture nor anybody else's.
    await stored({ id: 8, township: 510104020, perCapitaYuan: 60_000 });
    await push(8, { kind: FindingKind.WATER, days: 16, department: 'water', dutyCode });
    await push(8, { kind: FindingKind.DROP_OUT, days: 10, department: 'education', dutyCode });
    const headers = { authorization: `Bearer ${await world.token('county-officer', '510104')}` };
    await eventually(async () => {
      const picture = (await world.app.inject({ url: '/v1/risk-pictures/8', headers })).json<PictureResponse>();
      expect(picture).toMatchObject({ projection: null, joint: null });
      expect(picture.episodes).toHaveLength(2);
    });

    // A policy version without a line either says the same, and nothing new.
    await sql(`UPDATE findings SET policy_version = 'before' WHERE finding_id = $1`, [lost]);
    expect(await world.app.get(WaitingFindings).execute()).toBe(1);
    expect((await explained('510104')).revision).toBe(before.revision);

    // Also where it was away in between.
    await stored({ ...there, version: 2, state: HouseholdState.MOVED_OUT });
    await becomes(lost, { outcome: 'alerted', reason: { code: 'household-left' } }, '510104');
    await stored({ ...there, township: YONGDING, version: 3 });
    await becomes(lost, { outcome: 'alerted', reason: null, alerts: [{ status: 'raised' }] });
    await becomes(waits, { outcome: 'withheld' });
    const after = await explained('532327');
    expect(after.lineFen).toBeGreaterThan(0);
    expect(after.revision).toBeGreaterThan(before.revision);
  });

  it('of months ago is no risk of today once its county has set a line', async () => {
    const ill: HouseholdSpec = { id: 9, township: 510104020, perCapitaYuan: 5_000 };
    await stored(ill);
    const dayMs = 86_400_000;
    const occurredOn = shanghaiDay(new Date(Date.now() - 150 * dayMs));
    const bill = {
      kind: FindingKind.MEDICAL_SPENDING,
      spentFen: 4_000_000n,
      spentSince: `${occurredOn.slice(0, 4)}-01-01`,
    };
    const id = await push(9, { ...bill, occurredOn, department: 'health-insurance', dutyCode: BigInt(dutyOf(ill)) });
    await becomes(id, { outcome: 'waiting', reason: { code: 'no-policy' }, alerts: [] }, '510104');
    // Another one could not be judged when it was its turn.
    const other: HouseholdSpec = { ...ill, id: 10 };
    await stored(other);
    const failed = await push(10, {
      ...bill,
      occurredOn,
      department: 'health-insurance',
      dutyCode: BigInt(dutyOf(other)),
    });
    await becomes(failed, { outcome: 'waiting', reason: { code: 'no-policy' }, alerts: [] }, '510104');
    await sql('INSERT INTO findings_failing (finding_id, judge_after, error) VALUES ($1, now(), $2)', [
      failed,
      'a spec',
    ]);

    const versions = world.app.get(PolicyVersions);
    const line = { key: 'monitoring-line', region: '510104', value: { fen: 800_000 } };
    const set = changePolicy(versions.current, [line]);
    await sql('INSERT INTO policy_versions (version, records) VALUES ($1, $2)', [
      set.version,
      JSON.stringify(set.records),
    ]);
    Object.assign(versions, { current: set });
    await world.app.get(WaitingFindings).execute();
    for (const one of [id, failed])
      await becomes(
        one,
        { outcome: 'alerted', reason: null, alerts: [{ status: 'raised', published: true }] },
        '510104',
      );
    // A live finding never waits behind the half year of a county.
    await eventually(() =>
      expect(world.bulk.map(({ shockId }) => shockId)).toEqual(expect.arrayContaining([id, failed])),
    );
    const isAtRisk = async (days: number): Promise<boolean> => {
      const since = new Date(Date.now() - days * dayMs);
      const range = [510104000000000, 510105000000000, since, originOf(id, 'illness')];
      return (await sql(`WITH ${atRiskSql('exposure_a')} SELECT FROM risk WHERE origin = $4`, range)).length > 0;
    };
    expect([await isAtRisk(140), await isAtRisk(160)]).toEqual([false, true]);
  });
});
