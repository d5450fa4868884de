import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { anEntry, IncomeWorld, OTHER_VILLAGE, VILLAGE } from './support/income-world.js';

interface Recorded {
  id: number;
  repeated: boolean;
}

describe('the ledger of incomes', () => {
  let world: IncomeWorld;
  beforeAll(async () => {
    world = await IncomeWorld.start();
    for (const householdId of [1, 2, 3, 4, 5, 6]) await world.profile({ householdId, revision: 10 });
    await world.known({ householdId: 7, revision: 10, dutyCode: OTHER_VILLAGE });
    for (const householdId of [1, 2, 3, 4, 5, 6]) await world.known({ householdId, revision: 10 });
  });
  afterAll(() => world.stop());

  const enter = (body: object, headers: Record<string, string> = {}) =>
    world.call('POST', '/v1/income-entries', { body, headers });
  const itemsOf = (body: unknown): Recorded[] => (body as { items: Recorded[] }).items;
  const countOf = async (householdId: number): Promise<number> => {
    const sql = 'SELECT count(*) AS n FROM income_entries WHERE household_id = $1';
    const [row] = await world.rows<{ n: number }>(sql, [householdId]);
    return row?.n ?? 0;
  };

  it('makes a figure of an entry and says it', async () => {
    const { status } = await enter({ entries: [anEntry(1), anEntry(1, { kind: 'cost', amountFen: 200_000 })] });
    expect(status).toBe(201);
    const said = await world.said(1);
    expect(said).toMatchObject({
      wageFen: 1_200_000n,
      productionCostFen: 200_000n,
      perCapitaFen: 250_000n,
      persons: 4,
    });
    expect(said).toMatchObject({ windowFrom: '2025-11-01', windowTo: '2026-10-31', closed: false });
    expect(said.dutyCode).toBe(BigInt(VILLAGE));
  });

  it('changes nothing when the same is entered twice', async () => {
    const first = await enter(anEntry(2));
    const again = await enter(anEntry(2));
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(itemsOf(again.body)).toEqual(itemsOf(first.body).map((item) => ({ ...item, repeated: true })));
    expect(await countOf(2)).toBe(1);
    const revisions = await world.rows('SELECT revision FROM assessments WHERE household_id = 2');
    expect(revisions).toHaveLength(1);
  });

  it('gives the first answer to a repeated Idempotency-Key and refuses the key for another body', async () => {
    const headers = { 'idempotency-key': 'form-17' };
    const first = await enter(anEntry(2, { sourceKey: 'slip-1' }), headers);
    const again = await enter(anEntry(2, { sourceKey: 'slip-1' }), headers);
    expect(again).toEqual(first);
    expect((await enter(anEntry(2, { sourceKey: 'slip-2' }), headers)).status).toBe(409);
  });

  it('stores nothing of a body with one bad row, and names each bad field', async () => {
    const { status, body } = await enter({ entries: [anEntry(3), anEntry(3, { kind: 'gift', amountFen: -5 })] });
    expect(status).toBe(400);
    const { errors } = body as unknown as { errors: { field: string }[] };
    expect(errors.map((e) => e.field)).toEqual(['entries[1].kind', 'entries[1].amountFen']);
    expect(await countOf(3)).toBe(0);
  });

  it('stores nothing when one household is not known or lies outside the area', async () => {
    const { status, body } = await enter({ entries: [anEntry(3), anEntry(999)] });
    expect(status).toBe(404);
    expect(body).toMatchObject({
      code: 'HOUSEHOLD.NOT_FOUND',
      errors: [{ field: 'entries[1].householdId', value: 999 }],
    });
    const outside = await world.call('POST', '/v1/income-entries', {
      body: { entries: [anEntry(3), anEntry(7)] },
      role: 'township-caseworker',
      region: '532327100',
    });
    expect(outside.status).toBe(404);
    expect(await countOf(3)).toBe(0);
    expect(await countOf(7)).toBe(0);
  });

  it('refuses a source key that names another fact', async () => {
    await enter(anEntry(4, { sourceKey: 'slip-9' }));
    const { status, body } = await enter(anEntry(4, { sourceKey: 'slip-9', amountFen: 1 }));
    expect(status).toBe(409);
    expect(body).toMatchObject({ code: 'INCOME_ENTRY.SOURCE_KEY_REUSED' });
  });

  it('takes an entry back by a reversal, with the right fact in its place', async () => {
    const [wrong] = itemsOf((await enter(anEntry(5, { amountFen: 9_999_999 }))).body);
    await world.said(5);
    const url = `/v1/income-entries/${wrong?.id}/correction`;
    const { householdId: _, ...right } = anEntry(5, { amountFen: 800_000 });
    const corrected = await world.call('POST', url, { body: { replacement: right } });
    expect(corrected.status).toBe(201);
    expect((await world.said(5, 2)).perCapitaFen).toBe(200_000n);
    expect((await world.call('POST', url, { body: {} })).status).toBe(409);
    const { body } = await world.call('GET', '/v1/income-entries?householdId=5');
    const amounts = (body as unknown as { items: { amountFen: number; reversesId: number | null }[] }).items;
    expect(amounts.map((e) => e.amountFen)).toEqual([9_999_999, -9_999_999, 800_000]);
    expect(amounts[1]?.reversesId).toBe(wrong?.id);
  });

  it('refuses a correction that changes nothing, or of an entry that is not there', async () => {
    const [entry] = itemsOf((await enter(anEntry(6))).body);
    const { householdId: _, ...same } = anEntry(6);
    const url = `/v1/income-entries/${entry?.id}/correction`;
    expect((await world.call('POST', url, { body: { replacement: same } })).status).toBe(400);
    const bad = await world.call('POST', url, { body: { replacement: { ...same, kind: 'x' } } });
    expect(bad.body).toMatchObject({ errors: [{ field: 'replacement.kind' }] });
    expect((await world.call('POST', '/v1/income-entries/99999/correction', { body: {} })).status).toBe(404);
    expect((await world.call('POST', '/v1/income-entries/0/correction', { body: {} })).status).toBe(400);
  });

  it('takes a thousand rows in one request', async () => {
    const entries = Array.from({ length: 1000 }, (_, i) => anEntry(3, { sourceKey: `row-${i}`, amountFen: 1_000 }));
    expect((await enter({ entries })).status).toBe(201);
    expect((await world.said(3)).wageFen).toBe(1_000_000n);
  });

  it('pages the entries of a household and shows those of the caller only', async () => {
    const { body } = await world.call('GET', '/v1/income-entries?householdId=3&limit=200');
    const { items, nextCursor } = body as unknown as { items: object[]; nextCursor: string };
    expect(items).toHaveLength(200);
    const next = await world.call('GET', `/v1/income-entries?householdId=3&limit=1&cursor=${nextCursor}`);
    expect(next.body).toMatchObject({ items: [{ sourceKey: 'row-200', kindName: '工资性收入', from: '2025-11' }] });
    const elsewhere = await world.call('GET', '/v1/income-entries?householdId=3', { region: '532328' });
    expect(elsewhere.body).toEqual({ items: [], nextCursor: null });
  });

  it('lets only those who enter incomes enter them', async () => {
    expect((await world.call('POST', '/v1/income-entries', { body: anEntry(1), role: 'auditor' })).status).toBe(403);
    expect((await world.app.inject({ method: 'POST', url: '/v1/income-entries', payload: {} })).statusCode).toBe(401);
  });
});
