import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { regionScope, type Database } from '@fangpin/persistence';
import type { RegionCode } from '@fangpin/domain-kit';
import type { FanOutResponse } from '../fan-out.response.js';
import type { ReadFanOut } from '../read-fan-out.js';
import { LedgerReadings } from './ledger-readings.js';

/** A ledger that says from which area it was read, over a database that knows the mark alone. */
function ledgers() {
  const seen = { reading: 0, most: 0, counts: 0 };
  const database = {
    transaction: async (_: unknown, work: (tx: unknown) => Promise<unknown>) =>
      work({ query: async () => [{ mark: 'as it was' }] }),
  } as unknown as Database;
  const readFanOut = {
    execute: async () => {
      seen.counts += 1;
      seen.most = Math.max(seen.most, (seen.reading += 1));
      await sleep(1);
      seen.reading -= 1;
      return { state: 'running' } as FanOutResponse;
    },
  } as unknown as ReadFanOut;
  return { readings: new LedgerReadings(database, readFanOut), seen };
}

describe('readings of ledgers', () => {
  it('of as many areas as are watched take two connections, and each comes to its turn', async () => {
    const { readings, seen } = ledgers();
    const areas = Array.from({ length: 40 }, (_, i) => String(532_327_101 + i) as RegionCode);
    const told = await Promise.all(areas.map((region) => readings.join('a-shock', regionScope(region)).read()));
    expect(told).toHaveLength(40);
    expect([seen.counts, seen.most]).toEqual([40, 2]);
  });

  it('of one area are shared by all who watch it', async () => {
    const { readings, seen } = ledgers();
    const scope = regionScope('532327' as RegionCode);
    await Promise.all(Array.from({ length: 40 }, () => readings.join('a-shock', scope).read()));
    expect(seen.counts).toBe(1);
  });
});
