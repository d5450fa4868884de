import { describe, expect, it } from '@jest/globals';
import { currentCorrelationId } from '../context/request-context.js';
import { Rounds } from './rounds.js';

describe('a job that comes round', () => {
  it('goes on after a round that failed, each under a context of its own', async () => {
    const failures: unknown[] = [];
    const contexts: (string | undefined)[] = [];
    const three = Promise.withResolvers<void>();
    const rounds = new Rounds(
      1,
      async () => {
        contexts.push(currentCorrelationId());
        if (contexts.length === 3) three.resolve();
        if (contexts.length === 1) throw new Error('database away');
      },
      (error) => failures.push(error),
    );
    rounds.start();
    await three.promise;
    await rounds.stop();
    expect(failures).toEqual([new Error('database away')]);
    expect(new Set(contexts.slice(0, 3)).size).toBe(3);
    expect(contexts).not.toContain(undefined);
  });

  it('stops when its running round has ended, and no other comes', async () => {
    let begun = 0;
    let ended = 0;
    const inRound = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const rounds = new Rounds(
      1,
      async () => {
        begun += 1;
        inRound.resolve();
        await goOn.promise;
        ended += 1;
      },
      () => undefined,
    );
    rounds.start();
    await inRound.promise;
    const stopped = rounds.stop();
    expect(rounds.signal.aborted).toBe(true);
    goOn.resolve();
    await stopped;
    expect([begun, ended]).toEqual([1, 1]);
  });
});
