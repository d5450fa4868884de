import { describe, expect, it } from '@jest/globals';
import type { Database } from '@fangpin/persistence';
import { eventually } from '@fangpin/testing';
import { givingWay } from './simulation-gate.js';

/** A database that knows whether slices of live shocks wait. */
function liveLane() {
  const lane = { busy: true, looks: 0 };
  const query = async () => {
    lane.looks += 1;
    return lane.busy ? [{}] : [];
  };
  const database = {
    transaction: (_: unknown, work: (tx: unknown) => Promise<unknown>) => work({ query }),
  } as unknown as Database;
  return { lane, database };
}

const never = new AbortController().signal;

describe('a simulation that runs', () => {
  it('stands aside for live slices that come meanwhile, and goes on when they are done', async () => {
    const { lane, database } = liveLane();
    const pause = givingWay(database, never, { everyMs: 0, mostMs: 60_000 });
    let gone = false;
    const paused = pause().then(() => (gone = true));
    await eventually(async () => expect(lane.looks).toBeGreaterThan(1));
    expect(gone).toBe(false);
    lane.busy = false;
    await paused;
  });

  it('goes on all the same where a slice is stuck, and does not wait again', async () => {
    const { lane, database } = liveLane();
    const pause = givingWay(database, never, { everyMs: 0, mostMs: 1 });
    await pause();
    const { looks } = lane;
    await pause();
    expect([looks > 0, lane.looks]).toEqual([true, looks]);
  });

  it('ends when nobody waits for it any more, also while it stands aside', async () => {
    const { database } = liveLane();
    const gone = new AbortController();
    const paused = givingWay(database, gone.signal, { everyMs: 0, mostMs: 60_000 })();
    gone.abort();
    await expect(paused).rejects.toThrow();
    await expect(givingWay(database, gone.signal)()).rejects.toThrow();
  });
});
