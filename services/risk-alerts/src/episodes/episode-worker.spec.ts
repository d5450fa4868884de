import { describe, expect, it } from '@jest/globals';
import type { Tx } from '@fangpin/persistence';
import { pino } from 'pino';
import type { TakeHeldBack } from '../joint/take-held-back.js';
import type { EpisodePool } from './episode-pool.js';
import { EpisodeWorker } from './episode-worker.js';
import type { FollowAlerts } from './follow-alerts.js';

type Nothings = [never, never, never];
type Followed = Awaited<ReturnType<FollowAlerts['execute']>>;
type Slice = TakeHeldBack['slice'];

function aWorker(answers: readonly Followed[], slice: Slice = () => Promise.resolve(false)) {
  const looks = [...answers];
  const began = new Set<string>();
  const tx = { query: (sql: string) => Promise.resolve(sql.includes('advisory') ? [{ leads: true }] : []) };
  const database = { transaction: (_: unknown, work: (tx: Tx) => Promise<unknown>) => work(tx as unknown as Tx) };
  const none = (what: string) => () => {
    began.add(what);
    return Promise.resolve(false);
  };
  const doing = (what: string) => ({ execute: none(what) });
  const worker = new EpisodeWorker(
    { database } as unknown as EpisodePool,
    { execute: () => Promise.resolve(looks.shift() ?? 'none') } as unknown as FollowAlerts,
    ...(['cases', 'checks', 'time'].map(doing) as unknown as Nothings),
    { slice, fanOut: none('fan-outs') } as unknown as TakeHeldBack,
    ...(['held back', 'joint time'].map(doing) as unknown as [never, never]),
    { lookSeconds: 1, asideSeconds: 0, pageRows: 2_000, heldBackSeconds: 0.05 },
    pino({ level: 'silent' }),
  );
  return { worker, left: () => looks.length, began };
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

  it('does all else before a slice whose held back losses cannot be taken up', async () => {
    const { worker, began } = aWorker([], () => Promise.reject(new Error('not this one')));
    await expect(worker.round()).rejects.toThrow('not this one');
    expect([...began]).toEqual(['cases', 'checks', 'time', 'joint time']);
  });

  it('comes to its end though there is no end of slices, nor of the pages of one', async () => {
    const pages: Slice = async (mayGoOn) => {
      do await new Promise((done) => setTimeout(done, 1));
      while (await mayGoOn());
      return true;
    };
    const slices: Slice = () => new Promise((done) => setTimeout(() => done(true), 1));
    for (const endless of [pages, slices]) {
      const { worker, began } = aWorker([], endless);
      await worker.round();
      expect([...began].slice(-2)).toEqual(['fan-outs', 'held back']);
    }
  });
});
