import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { COUNTRY, fixedClock } from '@fangpin/domain-kit';
import { HouseholdGroup, MonitoringStatus } from '@fangpin/contracts';
import { Outbox, type Bus } from '@fangpin/messaging';
import type { Database } from '@fangpin/persistence';
import { eventually } from '@fangpin/testing';
import { HouseholdBatchSource } from '../src/bulk/household-batch.source.js';
import { IdentityBatchSource } from '../src/bulk/identity-batch.source.js';
import type { HouseholdLine } from '../src/bulk/household-line.js';
import type { LoadedHousehold } from '../src/bulk/load-households.js';
import { loadStream } from '../src/bulk/load-stream.js';
import { collectProfiles, createRegistryDatabase, TEST_IDENTITY_KEY, type RegistryDatabase } from './registry-app.js';

let registry: RegistryDatabase;
let app: Database;
let writer: Database;
let heard: Awaited<ReturnType<typeof collectProfiles>>;

beforeAll(async () => {
  registry = await createRegistryDatabase();
  app = await registry.database.open();
  writer = await registry.database.open({ url: registry.database.writerUrl });
  heard = await collectProfiles(registry.bus);
});

afterAll(async () => {
  await heard.close();
  await registry.close();
});

function aLine(sourceKey: string, changes: Partial<HouseholdLine> = {}): HouseholdLine {
  return {
    sourceKey,
    villageCode: '532327101201',
    group: 'lifted-out',
    monitoring: 'none',
    dwelling: 'A',
    onlyDwelling: true,
    waterScheme: 'W1',
    members: [
      {
        ...{ birthYear: 1975, sex: 'female', relation: 'head', labour: 'skilled', schooling: 'none', chronic: false },
        ...{ majorIllness: false, disabilityGrade: 1, workMonths: 9, workBranch: 201 },
      },
      {
        ...{ birthYear: 2015, sex: 'male', relation: 'son', labour: 'none', schooling: 'primary', chronic: true },
        ...{ majorIllness: false, disabilityGrade: 0, workMonths: 0, workBranch: 0 },
      },
    ],
    livelihoods: [
      { product: 100, placeCode: '532327101201', quantity: 6 },
      { product: 9, placeCode: '532327204201', quantity: 350 },
      { product: 201, placeCode: '4419', quantity: 1, employer: '9144030071526726XG' },
    ],
    ...changes,
  };
}

async function* ndjson(lines: readonly unknown[]): AsyncIterable<string> {
  for (const line of lines) yield typeof line === 'string' ? line : JSON.stringify(line);
}

/** One run of the bulk load, with an outbox of its own as a process has. */
async function load(lines: readonly unknown[], bus: Bus = registry.bus) {
  const outbox = new Outbox(bus, app, { leaseMs: 400 });
  outbox.registerSource(new HouseholdBatchSource(COUNTRY));
  outbox.registerSource(new IdentityBatchSource(COUNTRY, outbox));
  const answers: LoadedHousehold[] = [];
  const parts = {
    writer,
    outbox,
    clock: fixedClock('2026-11-22T00:00:00Z'),
    cell: COUNTRY,
    identityKey: TEST_IDENTITY_KEY,
    actor: 'job:bulk-load',
  };
  try {
    const totals = await loadStream(parts, ndjson(lines), async (households) => void answers.push(...households));
    return { totals, answers };
  } finally {
    await outbox.close();
  }
}

async function rowCounts(): Promise<Record<string, number>> {
  const admin = await registry.database.open({ url: registry.database.adminUrl });
  const [row] = await admin.dataSource.query(`
    SELECT (SELECT count(*) FROM households) AS households, (SELECT count(*) FROM household_members) AS members,
           (SELECT count(*) FROM livelihoods) AS livelihoods, (SELECT count(*) FROM household_history) AS history,
           (SELECT count(*) FROM outbox) AS outbox`);
  return row;
}

describe('a bulk load', () => {
  it('stores households in the order of their lines, answers their ids and says each profile', async () => {
    const removed = { monitoring: 'removed', monitoringSince: '2026-05-20' } as const;
    const lines = ['a:1', 'a:2', 'a:3'].map((key) => aLine(key, key === 'a:3' ? removed : {}));
    const { totals, answers } = await load(lines);
    expect(totals).toEqual({ households: 3, persons: 6, stored: 3 });
    expect(answers.map(({ sourceKey }) => sourceKey)).toEqual(['a:1', 'a:2', 'a:3']);
    const ids = answers.map(({ householdId }) => householdId);
    expect(ids).toEqual([...ids].sort((x, y) => x - y));
    expect(answers[0]).toMatchObject({ dutyCode: 532_327_101_201_000, persons: 2 });
    const profile = await eventually(() => {
      const found = heard.profiles.find(({ householdId }) => householdId === BigInt(ids[2] ?? 0));
      if (found === undefined) throw new Error('not heard yet');
      return found;
    });
    expect(profile).toMatchObject({
      group: HouseholdGroup.LIFTED_OUT,
      persons: 2,
      labourers: 1,
      pupils: 1,
      severelyDisabled: 1,
      monitoring: MonitoringStatus.REMOVED,
      monitoringSince: '2026-05-20',
    });
    expect(heard.profiles.find(({ householdId }) => householdId === BigInt(ids[0] ?? 0))?.monitoringSince).toBe('');
  });

  it('changes nothing when it is repeated, and answers the same ids', async () => {
    const lines = ['b:1', 'b:2'].map((key) => aLine(key));
    const first = await load(lines);
    const before = await rowCounts();
    const again = await load([...lines, aLine('b:1')]);
    expect(again.totals.stored).toBe(0);
    expect(again.answers.slice(0, 2)).toEqual(first.answers);
    expect(await rowCounts()).toEqual(before);
  });

  it('adds only what is new to what is there', async () => {
    await load([aLine('c:1')]);
    const { totals, answers } = await load([aLine('c:1'), aLine('c:2')]);
    expect(totals).toMatchObject({ households: 2, stored: 1 });
    expect(new Set(answers.map(({ householdId }) => householdId)).size).toBe(2);
  });

  it('stores each household once when two loads run at the same time', async () => {
    const lines = Array.from({ length: 200 }, (_, i) => aLine(`d:${i}`));
    const [one, other] = await Promise.all([load(lines), load(lines)]);
    expect(one.totals.stored + other.totals.stored).toBe(200);
    expect(one.answers).toEqual(other.answers);
  });

  it('names the line and the fields of a household it cannot take, and stores nothing of its batch', async () => {
    const before = await rowCounts();
    const future = { villageCode: '532327999001', monitoringSince: '2026-11-23' };
    const bad = { ...aLine('e:2', future), group: 'rich' };
    await expect(load([aLine('e:1'), bad])).rejects.toMatchObject({
      problems: [
        { field: 'rows[1].villageCode', value: '532327999001', rule: 'must be a known village' },
        { field: 'rows[1].group', value: 'rich' },
        { field: 'rows[1].monitoringSince', value: '2026-11-23' },
      ],
    });
    await expect(load(['{nonsense'])).rejects.toThrow('rows[0]');
    const twice = JSON.stringify(aLine('e:3')).replace('{', '{"group":"ordinary",');
    await expect(load([twice])).rejects.toThrow('rows[0].group must be given once');
    expect(await rowCounts()).toEqual(before);
  });

  it('is published by the service when the loader dies between commit and publishing', async () => {
    const dead: Bus = { ...registry.bus, producer: () => Promise.reject(new Error('killed')) };
    const outbox = new Outbox(dead, app, { leaseMs: 300 });
    outbox.registerSource(new HouseholdBatchSource(COUNTRY));
    outbox.registerSource(new IdentityBatchSource(COUNTRY, outbox));
    const parts = {
      writer,
      outbox,
      clock: fixedClock('2026-11-22T00:00:00Z'),
      cell: COUNTRY,
      identityKey: TEST_IDENTITY_KEY,
      actor: 'job:bulk-load',
    };
    const answers: LoadedHousehold[] = [];
    // The load never comes to its end: nothing of it is awaited, as nothing is of a killed process.
    void loadStream(
      parts,
      ndjson(['f:1', 'f:2'].map((key) => aLine(key))),
      async (households) => void answers.push(...households),
    ).catch(() => undefined);
    await eventually(() => expect(answers).toHaveLength(2));
    await outbox.close();
    const ids = answers.map(({ householdId }) => BigInt(householdId));
    expect(heard.profiles.some(({ householdId }) => ids.includes(householdId))).toBe(false);

    const relay = new Outbox(registry.bus, app, { relayEveryMs: 50 });
    relay.registerSource(new HouseholdBatchSource(COUNTRY));
    relay.registerSource(new IdentityBatchSource(COUNTRY, relay));
    relay.start();
    try {
      const said = await eventually(() => {
        const found = heard.profiles.filter(({ householdId }) => ids.includes(householdId));
        expect(found.length).toBeGreaterThanOrEqual(2);
        return found;
      });
      // Rendered from the tables, the profile is what the loader would have said.
      expect(said[0]).toMatchObject({ persons: 2, labourers: 1, pupils: 1, migrantWorkers: 1, severelyDisabled: 1 });
      expect(
        said[0]?.livelihoods.map(({ product, placeCode, quantity, employer }) => [
          product,
          placeCode,
          quantity,
          employer,
        ]),
      ).toEqual([
        [100, 532_327_101_201_000n, 6, ''],
        [9, 532_327_204_201_000n, 350, ''],
        [201, 441_900_000_000_000n, 1, '9144030071526726XG'],
      ]);
    } finally {
      await relay.close();
    }
  });
});
