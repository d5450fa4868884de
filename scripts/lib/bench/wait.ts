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

/**
 * Looks again until nothing is wrong, and answers what still is when the time is over. A look that fails is one more thing that
 * is wrong: what is asked may just be coming back.
 */
export async function faultsThatStay(
  { everyMs, timeoutMs }: Omit<WaitOptions, 'what'>,
  look: () => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const faults = await look().catch((error: unknown) => [String(error)]);
    if (faults.length === 0 || Date.now() > deadline) return faults;
    await sleep(everyMs);
  }
}
