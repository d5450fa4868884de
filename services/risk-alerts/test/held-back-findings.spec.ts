import { randomUUID } from 'node:crypto';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { DwellingGrade, FindingKind, FindingSchema, FindingState, HouseholdState, topics } from '@fangpin/contracts';
import { packRevision } from '@fangpin/domain-kit';
import { encodeEvent } from '@fangpin/messaging';
import { cellScope } from '@fangpin/persistence';
import { eventually } from '@fangpin/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SettledFindingResponse } from '../src/findings/reading/finding.responses.js';
import { WaitingFindings } from '../src/findings/waiting-findings.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { assessment, dutyOf, profile, type HouseholdSpec } from './support/world.js';

describe('a finding that raised no alert, or could not be judged,', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.stop());

  const push = async (household: number, change: MessageInitShape<typeof FindingSchema>): Promise<string> => {
    const finding = create(FindingSchema, {
      findingId: randomUUID(),
      revision: BigInt(packRevision({ epoch: 1, version: 1 })),
      householdId: BigInt(household),
      dutyCode: BigInt(dutyOf({ id: household })),
      state: FindingState.RAISED,
      occurredOn: '2026-07-31',
      department: 'housing',
      ...change,
    });
    await world.producer.send(topics.finding, [encodeEvent(topics.finding, finding, { key: String(household) })]);
    return finding.findingId;
  };
  const becomes = (id: string, change: object): Promise<SettledFindingResponse> =>
    eventually(async () => {
      const headers = { authorization: `Bearer ${await world.token()}` };
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
    await push(6, { ...absent, days: 9, revision: BigInt(packRevision({ epoch: 1, version: 2 })) });
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
});
