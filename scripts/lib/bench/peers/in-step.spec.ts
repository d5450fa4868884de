import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { setImmediate as turn } from 'node:timers/promises';
import { inStep } from './in-step.ts';

describe('work in step', () => {
  it('is done once for each entry, never more at once than said', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 3 })),
        fc.integer({ min: 1, max: 8 }),
        async (turns, most) => {
          let open = 0;
          let peak = 0;
          const done: number[] = [];
          await inStep([...turns.keys()], most, async (entry) => {
            peak = Math.max(peak, (open += 1));
            for (let i = 0; i < (turns[entry] ?? 0); i += 1) await turn();
            open -= 1;
            done.push(entry);
          });
          expect(done.sort((a, b) => a - b)).toEqual([...turns.keys()]);
          expect(peak).toBeLessThanOrEqual(most);
        },
      ),
    );
  });

  it('stops at the first failure', async () => {
    const begun: number[] = [];
    const work = async (entry: number): Promise<void> => {
      begun.push(entry);
      await turn();
      if (entry === 1) throw new Error('no row');
    };
    await expect(inStep([0, 1, 2, 3, 4, 5], 1, work)).rejects.toThrow('no row');
    expect(begun).toEqual([0, 1]);
  });
});
