import { describe, expect, it } from '@jest/globals';
import { GroupCommit } from './group-commit.js';

const LIMITS = { groupSize: 4, atOnce: 1 };

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
});
