import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

/** A prefix for topics and groups, so that spec files share a broker without hearing each other. */
export function uniquePrefix(): string {
  return `t${randomBytes(5).toString('hex')}.`;
}

export interface EventuallyOptions {
  /** Gives up after so long; 50 seconds. It bounds a hang, it asserts no speed. */
  readonly timeoutMs?: number;
}

/** Repeats an assertion until it holds and answers what it gives; throws its last error when time is up. */
export async function eventually<T>(assertion: () => T | Promise<T>, options: EventuallyOptions = {}): Promise<T> {
  const until = performance.now() + (options.timeoutMs ?? 50_000);
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      if (performance.now() > until) throw error;
      await sleep(25);
    }
  }
}
