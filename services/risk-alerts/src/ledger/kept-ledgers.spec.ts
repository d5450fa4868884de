import { cellScope, type Tx } from '@fangpin/persistence';
import { describe, expect, it } from '@jest/globals';
import { KeptLedgers } from './kept-ledgers.js';
import type { TownshipCounts } from './ledger-sql.js';

const YONGDING = { lo: 532_327_101_000_000, hi: 532_327_102_000_000 };
const YIJIU = { lo: 532_327_102_000_000, hi: 532_327_103_000_000 };

/** A ledger of so many townships, over a database that knows the mark alone. */
function ledgers(townships = 1) {
  const world = { mark: 'as it was', counts: 0 };
  const tx = { scope: cellScope('spec'), query: async () => [{ mark: world.mark }] } as unknown as Tx;
  const kept = new KeptLedgers();
  const count = async (): Promise<TownshipCounts[]> => {
    world.counts += 1;
    return Array.from({ length: townships }, () => ({ alerted: world.counts }) as TownshipCounts);
  };
  const read = async (shockId: string, area = YONGDING): Promise<number | undefined> =>
    (await kept.of(tx, shockId, [1], area, count))[0]?.alerted;
  return { read, world };
}

describe('the ledger of a shock that somebody reads again', () => {
  it('is counted once as long as nothing moves, and once more when something has', async () => {
    const { read, world } = ledgers();
    expect([await read('hail'), await read('hail'), await read('hail')]).toEqual([1, 1, 1]);
    world.mark = 'an answer came';
    expect([await read('hail'), await read('hail')]).toEqual([2, 2]);
  });

  it('is one of its shock and its area alone', async () => {
    const { read, world } = ledgers();
    await Promise.all([read('hail'), read('flood'), read('hail', YIJIU)]);
    expect(world.counts).toBe(3);
  });

  it('is let go when others have been read since that take its room', async () => {
    const { read, world } = ledgers(20_000);
    for (const shockId of ['hail', 'flood', 'hail', 'drought', 'hail']) await read(shockId);
    expect(world.counts).toBe(3);
    await read('flood');
    expect(world.counts).toBe(4);
  });
});
