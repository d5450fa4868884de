import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../failure.ts';

export interface WaitOptions {
  what: string;
  everyMs: number;
  timeoutMs: number;
}

/** Asks again and again until the answer is there. */
export async function waitFor<T>(options: WaitOptions, ask: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + options.timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Failure(`${options.what}: still not so after ${options.timeoutMs / 1_000} s`);
    await sleep(options.everyMs);
  }
}
