import { describe, expect, it } from '@jest/globals';
import type { Tx } from '@fangpin/persistence';
import { pino } from 'pino';
import type { EpisodePool } from './episode-pool.js';
import { EpisodeWorker } from './episode-worker.js';
import type { FollowAlerts } from './follow-alerts.js';

type Nothings = [never, never, never, never, never, never];
type Followed = Awaited<ReturnType<FollowAlerts['execute']>>;

function aWorker(answers: readonly Followed[]) {
  const looks = [...answers];
  const tx = { query: (sql: string) => Promise.resolve(sql.includes('advisory') ? [{ leads: true }] : []) };
  const database = { transaction: (_: unknown, work: (tx: Tx) => Promise<unknown>) => work(tx as unknown as Tx) };
  const none = () => Promise.resolve(false);
  const nothing = { execute: none, slice: none, fanOut: none };
  const worker = new EpisodeWorker(
    { database } as unknown as EpisodePool,
    { execute: () => Promise.resolve(looks.shift() ?? 'none') } as unknown as FollowAlerts,
    ...([nothing, nothing, nothing, nothing, nothing, nothing] as unknown as Nothings),
    { lookSeconds: 1, asideSeconds: 0, pageRows: 2_000 },
    pino({ level: 'silent' }),
  );
  return { worker, left: () => looks.length };
}

const some = (othersWait: boolean): Followed => ({ revisions: 3, othersWait });

describe('a round of episodes', () => {
  it('takes up all slices that wait, and lets what comes meanwhile gather for the next', async () => {
    const { worker, left } = aWorker([some(true), some(true), some(false), some(false)]);
    await worker.round();
    expect(left()).toBe(1);
    await worker.round();
    expect(left()).toBe(0);
  });
});
