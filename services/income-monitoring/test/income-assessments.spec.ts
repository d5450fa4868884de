import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HouseholdState } from '@fangpin/contracts';
import { eventually } from '@fangpin/testing';
import { MonthTurnJob } from '../src/assessments/month-turn.job.js';
import { anEntry, IncomeWorld, OTHER_VILLAGE } from './support/income-world.js';

describe('the figure of a household', () => {
  let world: IncomeWorld;
  beforeAll(async () => {
    world = await IncomeWorld.start();
  });
  afterAll(() => world.stop());

  const enter = async (body: object): Promise<void> => {
    expect((await world.call('POST', '/v1/income-entries', { body })).status).toBe(201);
  };
  const read = (householdId: number, query = '', region?: string) =>
    world.call('GET', `/v1/income-assessments/${householdId}${query}`, region === undefined ? {} : { region });

  it('shows its window, sums and what stands apart', async () => {
    await world.known({ householdId: 1, revision: 1 });
    await enter({ entries: [anEntry(1), anEntry(1, { kind: 'out-of-pocket', amountFen: 70_000 })] });
    const { status, body } = await read(1);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      householdId: 1,
      region: '532327100001',
      window: { from: '2025-11-01', to: '2026-10-31' },
      persons: 4,
      wageFen: 1_200_000,
      perCapitaFen: 300_000,
      closed: false,
      setApart: { outOfPocketFen: 70_000, insurancePayoutFen: 0 },
      monthsCovered: 12,
      asOf: '2026-11-22T10:00:00+08:00',
    });
  });

  it('is new when the number of persons changes, and the higher profile wins', async () => {
    await world.known({ householdId: 2, revision: 5 });
    await enter(anEntry(2));
    await world.known({ householdId: 2, revision: 7, persons: 3 });
    await world.profile({ householdId: 2, revision: 6, persons: 12 });
    await world.profile({ householdId: 2, revision: 7, persons: 3 });
    expect((await world.said(2, 2)).perCapitaFen).toBe(400_000n);
    await world.known({ householdId: 2, revision: 8, persons: 3 });
    expect((await read(2)).body).toMatchObject({ persons: 3, perCapitaFen: 400_000 });
    expect(world.heard.get(2)).toHaveLength(2);
    const [first, second] = world.heard.get(2) ?? [];
    expect((second?.revision ?? 0n) > (first?.revision ?? 0n)).toBe(true);
  });

  it('closes with the household and opens again with it', async () => {
    await world.known({ householdId: 3, revision: 1 });
    await enter(anEntry(3));
    await world.known({ householdId: 3, revision: 2, state: HouseholdState.MOVED_OUT });
    expect(await world.said(3, 2)).toMatchObject({ closed: true, perCapitaFen: 300_000n });
    await world.known({ householdId: 3, revision: 3 });
    expect(await world.said(3, 3)).toMatchObject({ closed: false, perCapitaFen: 300_000n });
  });

  it('goes with the household to its new place, ledger and all', async () => {
    await world.known({ householdId: 4, revision: 1 });
    await enter(anEntry(4));
    expect((await read(4, '', '532327101')).status).toBe(404);
    await world.known({ householdId: 4, revision: 2, dutyCode: OTHER_VILLAGE });
    expect((await world.said(4, 2)).dutyCode).toBe(BigInt(OTHER_VILLAGE));
    expect((await read(4, '', '532327101')).body).toMatchObject({ region: '532327101001', monthsCovered: 12 });
    expect((await read(4, '', '532327100')).status).toBe(404);
  });

  it('is not known before anything is entered, and outside the area', async () => {
    await world.known({ householdId: 5, revision: 1 });
    expect((await read(5)).status).toBe(404);
    expect((await read(1, '', '532328')).status).toBe(404);
    expect((await read(1, '?asOf=2026-13')).body).toMatchObject({ errors: [{ field: 'asOf' }] });
    expect((await world.call('GET', '/v1/income-assessments/x')).status).toBe(400);
  });

  it('can be recomputed for an earlier month', async () => {
    await world.known({ householdId: 6, revision: 1 });
    await enter({ entries: [anEntry(6), anEntry(6, { from: '2020-10', to: '2021-09', amountFen: 480_000 })] });
    const { body } = await read(6, '?asOf=2021-10');
    expect(body).toMatchObject({
      window: { from: '2020-10-01', to: '2021-09-30' },
      perCapitaFen: 120_000,
      revision: null,
    });
    expect((await read(6, '?asOf=2018-01')).status).toBe(404);
  });

  it('is listed by place, within the caller’s area', async () => {
    const { body } = await world.call('GET', '/v1/income-assessments?limit=2&region=532327');
    const { items, nextCursor } = body as unknown as { items: { householdId: number }[]; nextCursor: string };
    expect(items).toHaveLength(2);
    const rest = await world.call('GET', `/v1/income-assessments?region=532327&cursor=${nextCursor}`);
    const ids = [...items, ...(rest.body as unknown as { items: { householdId: number }[] }).items];
    expect(ids.map((item) => item.householdId)).toEqual([1, 2, 3, 6, 4]);
    expect((await world.call('GET', '/v1/income-assessments?region=5323')).status).toBe(403);
    expect((await world.call('GET', '/v1/income-assessments?cursor=abc')).status).toBe(400);
  });

  it('moves its window when the month turns, once, and stays where the ledger is silent', async () => {
    await world.known({ householdId: 8, revision: 1 });
    await enter(anEntry(8, { from: '2025-11', to: '2025-11' }));
    world.clock.set('2026-12-01T00:30:00+08:00');
    const job = world.app.get(MonthTurnJob);
    expect(await job.run()).toBe(7);
    expect(await world.said(1, 2)).toMatchObject({
      windowFrom: '2025-12-01',
      windowTo: '2026-11-30',
      wageFen: 1_100_000n,
    });
    expect(await job.run()).toBe(0);
    expect((await read(8)).body).toMatchObject({
      window: { from: '2025-11-01', to: '2026-10-31' },
      wageFen: 1_200_000,
    });
    await eventually(() => expect(world.heard.get(2)).toHaveLength(3));
    expect(world.heard.get(8)).toHaveLength(1);
  });

  it('is shared by several instances when the month turns', async () => {
    world.clock.set('2027-01-05T00:00:00+08:00');
    const job = world.app.get(MonthTurnJob);
    const looked = await Promise.all([job.run(), job.run(), job.run()]);
    expect(looked.reduce((a, b) => a + b, 0)).toBe(7);
    const twice = await world.rows(
      "SELECT household_id FROM assessments WHERE assessed_at >= '2027-01-01' GROUP BY household_id HAVING count(*) > 1",
    );
    expect(twice).toEqual([]);
  });
});
