import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Outbox } from '@fangpin/messaging';
import type { Database } from '@fangpin/persistence';
import { eventually } from '@fangpin/testing';
import { assessmentBatchSource } from '../src/assessments/assessment-batch.source.js';
import { AssessHouseholds } from '../src/assessments/assess-households.js';
import { loadHouseholds, type Loaded } from '../src/bulk/load-households.js';
import { IncomeWorld, OTHER_VILLAGE, VILLAGE } from './support/income-world.js';

const aLine = (householdId: number, change: object = {}): Record<string, unknown> => ({
  householdId,
  dutyCode: VILLAGE,
  persons: 4,
  sourceKey: `seed:532327:${householdId}`,
  entries: [
    { kind: 'wage', from: '2025-01', to: '2026-12', amountFen: 2_400_000, source: '示例' },
    { kind: 'business', from: '2025-01', to: '2026-12', amountFen: 1_200_000, source: '示例' },
    { kind: 'cost', from: '2025-01', to: '2026-12', amountFen: 400_000, source: '示例' },
  ],
  ...change,
});

describe('a bulk load', () => {
  let world: IncomeWorld;
  let writer: Database;
  let outbox: Outbox;
  beforeAll(async () => {
    world = await IncomeWorld.start();
    writer = await world.testDatabase.open({ url: world.testDatabase.writerUrl });
    outbox = new Outbox(world.bus, world.database);
    outbox.registerSource(assessmentBatchSource);
  });
  afterAll(async () => {
    await outbox.close();
    await world.stop();
  });

  async function* linesOf(lines: readonly object[]): AsyncIterable<string> {
    for (const line of lines) yield JSON.stringify(line);
  }
  const load = (lines: readonly object[], box = outbox): Promise<Loaded> => {
    const assess = new AssessHouseholds(box, world.clock);
    return loadHouseholds(linesOf(lines), { writer, outbox: box, assess, clock: world.clock });
  };

  it('stores, assesses and says households that nobody has told of', async () => {
    const lines = Array.from({ length: 50 }, (_, i) => aLine(100 + i));
    expect(await load(lines)).toEqual({
      households: 50,
      entries: 150,
      newHouseholds: 50,
      newEntries: 150,
      differing: 0,
    });
    expect(await world.said(149)).toMatchObject({ perCapitaFen: 400_000n, persons: 4, dutyCode: BigInt(VILLAGE) });
    expect(world.heard.size).toBe(50);
  });

  it('changes nothing the second time', async () => {
    const lines = Array.from({ length: 50 }, (_, i) => aLine(100 + i));
    const before = await world.rows('SELECT household_id, revision FROM assessments ORDER BY 1, 2');
    expect(await load(lines)).toEqual({ households: 50, entries: 150, newHouseholds: 0, newEntries: 0, differing: 0 });
    expect(await world.rows('SELECT household_id, revision FROM assessments ORDER BY 1, 2')).toEqual(before);
    expect(world.heard.get(100)).toHaveLength(1);
  });

  it('gives way to a profile that was heard before, place and persons', async () => {
    await world.known({ householdId: 200, revision: 9, persons: 2, dutyCode: OTHER_VILLAGE });
    await load([aLine(200)]);
    expect(await world.said(200)).toMatchObject({
      persons: 2,
      perCapitaFen: 800_000n,
      dutyCode: BigInt(OTHER_VILLAGE),
    });
    const [entry] = await world.rows('SELECT duty_code FROM income_entries WHERE household_id = 200 LIMIT 1');
    expect(entry).toEqual({ duty_code: OTHER_VILLAGE });
  });

  it('gives way to a profile that comes later', async () => {
    await load([aLine(201)]);
    await world.known({ householdId: 201, revision: 1, persons: 8 });
    const said = await world.said(201, 2);
    expect(said.perCapitaFen).toBe(200_000n);
    expect(said.revision).toBeGreaterThan(world.heard.get(201)?.[0]?.revision ?? 0n);
  });

  it('waits for the profile where it does not know the persons', async () => {
    const { persons: _, ...line } = aLine(202);
    await load([line]);
    expect((await world.call('GET', '/v1/income-assessments/202')).status).toBe(404);
    await world.known({ householdId: 202, revision: 1, persons: 5 });
    expect((await world.said(202)).perCapitaFen).toBe(320_000n);
  });

  it('adds new entries to a household that was loaded before', async () => {
    await load([aLine(203)]);
    const more = { kind: 'transfer', from: '2026-01', to: '2026-06', amountFen: 80_000, source: '示例' };
    const again = aLine(203);
    const loaded = await load([{ ...again, entries: [...(again.entries as object[]), more] }]);
    expect(loaded).toMatchObject({ newHouseholds: 0, newEntries: 1 });
    expect((await world.said(203, 2)).perCapitaFen).toBe(420_000n);
  });

  it('leaves the ledger as it is where a key names another fact there, and counts it', async () => {
    const changed = { kind: 'wage', from: '2025-01', to: '2026-12', amountFen: 1, source: '示例' };
    const loaded = await load([aLine(203, { entries: [changed] })]);
    expect(loaded).toMatchObject({ entries: 1, newEntries: 0, differing: 1 });
    expect((await world.call('GET', '/v1/income-assessments/203')).body).toMatchObject({ perCapitaFen: 420_000 });
  });

  it('refuses a line that is not usable, naming it', async () => {
    await expect(load([aLine(204), { householdId: 'x' }])).rejects.toThrow('line 2: householdId');
    await expect(load([aLine(204, { entries: [{ kind: 'gift' }] })])).rejects.toThrow('line 1: entries[0].kind');
    expect(await world.rows('SELECT 1 FROM households WHERE household_id = 204')).toEqual([]);
  });

  it('takes two lines of one household one after the other', async () => {
    const second = aLine(205, {
      sourceKey: 'other',
      entries: [{ kind: 'wage', from: '2026-01', to: '2026-01', amountFen: 40_000, source: 'x' }],
    });
    expect(await load([aLine(205), second])).toMatchObject({ newHouseholds: 1, newEntries: 4 });
    expect((await world.said(205, 2)).wageFen).toBe(1_240_000n);
  });

  it('is published by the relay when the loader dies after its commit, in the revision then in force', async () => {
    const [lastBefore] = await world.rows<{ id: number }>('SELECT max(id) AS id FROM outbox');
    const dying = new Outbox(world.bus, world.database, { leaseMs: 1 });
    dying.registerSource(assessmentBatchSource);
    // Closed before the commit: it stores its row and publishes nothing, like a process killed at that moment.
    await dying.close();
    const assess = new AssessHouseholds(dying, world.clock);
    const parts = { writer, outbox: dying, assess, clock: world.clock };
    await loadHouseholds(linesOf([aLine(206)]), parts);
    expect((await world.said(206)).perCapitaFen).toBe(400_000n);
    await eventually(async () => {
      const open = await world.rows('SELECT 1 FROM outbox WHERE published_at IS NULL AND id > $1', [
        lastBefore?.id ?? 0,
      ]);
      expect(open).toEqual([]);
    });
  });
});
