import { AlertState, FindingKind, reasonsFromBits, type AlertBatch } from '@fangpin/contracts';
import { packRevision, type Clock } from '@fangpin/domain-kit';
import { cellScope } from '@fangpin/persistence';
import { CLOCK } from '@fangpin/service-kit';
import { eventually } from '@fangpin/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { SettledFindingResponse } from '../src/findings/reading/finding.responses.js';
import { WaitingFindings } from '../src/findings/waiting-findings.js';
import { medicalCost } from './support/findings.js';
import { startWorld, type World } from './support/risk-alerts-world.js';
import { assessment, profile } from './support/world.js';

const DAY_MS = 86_400_000;
const RICH_YUAN = 200_000;
const POOR_YUAN = 4_000;

describe('a finding of a household whose income nobody knows yet', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterEach(() => void jest.restoreAllMocks());
  afterAll(() => world.stop());

  const push = async (household: number, paidYuan: number, kind = FindingKind.MEDICAL_SPENDING): Promise<string> => {
    const [id] = await world.findings(medicalCost({ id: household }, paidYuan, { kind, ofEarner: true }));
    return id as string;
  };
  const becomes = (id: string, change: object): Promise<SettledFindingResponse> =>
    eventually(async () => {
      const headers = { authorization: `Bearer ${await world.token()}` };
      const now = (await world.app.inject({ url: `/v1/findings/${id}`, headers })).json<SettledFindingResponse>();
      expect(now).toMatchObject(change);
      return now;
    });
  const saidOf = (id: string): AlertBatch[] => world.batches.filter(({ shockId }) => shockId === id);
  const income = (id: number, perCapitaYuan: number, version = 1): Promise<void> =>
    world.households([], [assessment({ id, perCapitaYuan, version })]);
  const known = (id: number, version = 1): Promise<void> =>
    eventually(async () => {
      const rows = await world.database.transaction(cellScope('spec'), (tx) =>
        tx.query('SELECT 1 FROM exposure_a WHERE household_id = $1 AND income_revision = $2', [
          id,
          packRevision({ epoch: 1, version }),
        ]),
      );
      expect(rows).toHaveLength(1);
    });
  const awaited = async (): Promise<number[]> =>
    world.database.transaction(cellScope('spec'), async (tx) => {
      const rows = await tx.query<{ id: number }>(
        'SELECT household_id AS id FROM findings WHERE income_awaited_until IS NOT NULL ORDER BY 1',
      );
      return rows.map(({ id }) => id);
    });

  it('is judged again when the income comes: withdrawn where it is well above the line, explained anew where it is not', async () => {
    await world.households(
      [1, 2, 3].map((id) => profile({ id })),
      [],
    );
    const [rich, poor, waiting] = [await push(1, 30_000), await push(2, 30_000), await push(3, 30_000)];
    for (const id of [rich, poor, waiting]) await becomes(id, { outcome: 'alerted', alerts: [{ answer: 'listed' }] });
    expect(await awaited()).toEqual([1, 2, 3]);
    await income(1, RICH_YUAN);
    await income(2, POOR_YUAN);
    await becomes(rich, { outcome: 'withheld', reason: { code: 'income-well-above-line' } });
    await eventually(() => Promise.resolve(expect(saidOf(rich).at(-1)?.state).toBe(AlertState.WITHDRAWN)));
    await eventually(() => Promise.resolve(expect(saidOf(poor)).toHaveLength(2)));
    const [before, after] = saidOf(poor) as [AlertBatch, AlertBatch];
    expect(after.severities[0]).toBeGreaterThanOrEqual(before.severities[0] ?? 9);
    expect(
      [before.reasons, after.reasons].map(([bits]) => reasonsFromBits(bits ?? 0).includes('incomeUnknown')),
    ).toEqual([...[true, false]]);
    expect(after.projectedFen).toEqual([BigInt(POOR_YUAN * 100)]);
    const { alertId } = await becomes(poor, { outcome: 'alerted' });
    const headers = { authorization: `Bearer ${await world.token()}` };
    const { explanation } = (await world.app.inject({ url: `/v1/alerts/${alertId}`, headers })).json<{
      explanation: { recomputed: boolean; text: string; inputs: { perCapitaFen: number } };
    }>();
    expect(explanation).toMatchObject({ recomputed: true, inputs: { perCapitaFen: POOR_YUAN * 100 } });
    expect(saidOf(waiting)).toHaveLength(1);
    expect(await awaited()).toEqual([3]);
  });

  it('says nothing new where the next income is nearly the same', async () => {
    const saidOfPoor = (): AlertBatch[] => world.batches.filter(({ householdIds }) => householdIds[0] === 2n);
    const before = saidOfPoor().length;
    await income(2, POOR_YUAN + 10, 2);
    await known(2, 2);
    expect(await world.app.get(WaitingFindings).execute()).toBe(0);
    await eventually(async () => {
      const rows = await world.database.transaction(cellScope('spec'), (tx) => tx.query('SELECT FROM relooks'));
      expect(rows).toEqual([]);
    });
    expect(saidOfPoor()).toHaveLength(before);
  });

  it('of somebody hurt is said again, worse, where the income says that more was earned and is lost', async () => {
    const home = { id: 10, persons: 90, jobs: [{ branch: 201, place: '532327101201' }] };
    await world.households([profile(home)], []);
    const id = await push(10, 0, FindingKind.ACCIDENT);
    // The wages of one are little for so many: blue for whoever is hurt.
    await becomes(id, { outcome: 'alerted', alerts: [{ severity: 1 }] });
    await world.households([], [assessment({ ...home, wageYuan: 400_000, perCapitaYuan: POOR_YUAN })]);
    await becomes(id, { outcome: 'alerted', alerts: [{ severity: 4 }] });
    await eventually(() => Promise.resolve(expect(saidOf(id)).toHaveLength(2)));
    const [before, after] = saidOf(id) as [AlertBatch, AlertBatch];
    expect(Number(after.lossFen[0])).toBeGreaterThan(Number(before.lossFen[0]));
  });

  it('is found by the next round where the income came while nobody looked', async () => {
    await world.households([profile({ id: 30 })], []);
    const id = await push(30, 30_000);
    await becomes(id, { outcome: 'alerted' });
    await world.database.transaction(cellScope('spec'), (tx) =>
      tx.execute('UPDATE exposure_a SET per_capita_fen = $1, income_revision = 1 WHERE household_id = 30', [
        RICH_YUAN * 100,
      ]),
    );
    expect(await world.app.get(WaitingFindings).execute()).toBe(1);
    await becomes(id, { outcome: 'withheld', reason: { code: 'income-well-above-line' } });
  });

  it('is judged again as long as its alert stands, and left as it is after that', async () => {
    await world.households(
      [20, 21].map((id) => profile({ id })),
      [],
    );
    const [late, over] = [await push(20, 30_000), await push(21, 30_000)];
    for (const id of [late, over]) await becomes(id, { outcome: 'alerted' });
    const after = (days: number): void => {
      jest.restoreAllMocks();
      jest.spyOn(world.app.get<Clock>(CLOCK), 'now').mockImplementation(() => new Date(Date.now() + days * DAY_MS));
    };
    after(200);
    await income(20, RICH_YUAN);
    await becomes(late, { outcome: 'withheld', reason: { code: 'income-well-above-line' } });
    after(366);
    await income(21, RICH_YUAN);
    await known(21);
    expect(await world.app.get(WaitingFindings).execute()).toBe(0);
    await becomes(over, { outcome: 'alerted' });
  });

  it('is left as it is once the days of policy are over where nothing was raised', async () => {
    const home = { id: 22, persons: 90 };
    await world.households([profile(home)], []);
    const id = await push(22, 100);
    await becomes(id, { outcome: 'withheld' });
    const rows = await world.database.transaction(cellScope('spec'), (tx) =>
      tx.query<{ days: number }>(
        'SELECT round(extract(epoch FROM income_awaited_until - now()) / 86400)::int AS days FROM findings WHERE finding_id = $1',
        [id],
      ),
    );
    expect(rows).toEqual([{ days: 31 }]);
  });
});
