import { describe, expect, it } from '@jest/globals';
import { GroupCommit } from './group-commit.js';

const LIMITS = { groupSize: 4, atOnce: 1, mostWaiting: 100, longestWaitMs: 60_000 };

describe('requests that share a transaction', () => {
  it('are grouped while another group is being committed, and each gets its own answer', async () => {
    const groups: number[][] = [];
    const commit = new GroupCommit<number, number>(async (items) => {
      groups.push([...items]);
      await Promise.resolve();
      return items.map((item) => item * 10);
    }, LIMITS);
    const answers = await Promise.all([1, 2, 3, 4, 5, 6, 7].map((item) => commit.submit(item)));
    expect(answers).toEqual([10, 20, 30, 40, 50, 60, 70]);
    expect(groups).toEqual([[1], [2, 3, 4, 5], [6, 7]]);
  });

  it('are run one by one when their group fails, so that only the bad one fails', async () => {
    const commit = new GroupCommit<number, number>(async (items) => {
      if (items.includes(3)) throw new Error('three is poison');
      return items;
    }, LIMITS);
    const settled = await Promise.allSettled([1, 2, 3, 4].map((item) => commit.submit(item)));
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  });

  it('fail together where the failure is nobody’s fault, without trying each', async () => {
    let runs = 0;
    const commit = new GroupCommit<number, number>(
      async () => {
        runs += 1;
        throw new Error('database away');
      },
      { ...LIMITS, failsAll: () => true },
    );
    const settled = await Promise.allSettled([1, 2, 3, 4, 5].map((item) => commit.submit(item)));
    expect(settled.every(({ status }) => status === 'rejected')).toBe(true);
    expect(runs).toBe(2);
  });

  it('go on after a failure', async () => {
    const commit = new GroupCommit<number, number>(async (items) => {
      if (items.includes(1)) throw new Error('no database');
      return items;
    }, LIMITS);
    await expect(commit.submit(1)).rejects.toThrow('no database');
    await expect(commit.submit(2)).resolves.toBe(2);
  });

  it('are refused while as many wait as may, and taken again when there is room', async () => {
    let open: () => void = () => undefined;
    const shut = new Promise<void>((resolve) => (open = resolve));
    const ran: number[] = [];
    const commit = new GroupCommit<number, number>(
      async (items) => {
        await shut;
        ran.push(...items);
        return items;
      },
      { ...LIMITS, mostWaiting: 2 },
    );
    const taken = [1, 2, 3].map((item) => commit.submit(item));
    await expect(commit.submit(4)).rejects.toMatchObject({ code: 'SERVICE.BUSY', kind: 'unavailable' });
    open();
    await expect(Promise.all(taken)).resolves.toEqual([1, 2, 3]);
    await expect(commit.submit(5)).resolves.toBe(5);
    expect(ran).toEqual([1, 2, 3, 5]);
  });

  it('that nobody begins with in good time are refused, and never run later', async () => {
    let open: () => void = () => undefined;
    const shut = new Promise<void>((resolve) => (open = resolve));
    const ran: number[] = [];
    const commit = new GroupCommit<number, number>(
      async (items) => {
        await shut;
        ran.push(...items);
        return items;
      },
      { ...LIMITS, longestWaitMs: 5 },
    );
    const running = commit.submit(1);
    for (const item of [2, 3]) await expect(commit.submit(item)).rejects.toMatchObject({ code: 'SERVICE.BUSY' });
    open();
    await expect(running).resolves.toBe(1);
    await expect(commit.submit(4)).resolves.toBe(4);
    expect(ran).toEqual([1, 4]);
  });
});
