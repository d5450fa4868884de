import { setTimeout as sleep } from 'node:timers/promises';

export interface BackoffSettings {
  readonly firstMs: number;
  readonly mostMs: number;
}

/** Doubles from `firstMs` to `mostMs`, each time with full jitter over its upper half, so that instances do not march in step. */
export function backoffMs(
  attempt: number,
  { firstMs, mostMs }: BackoffSettings,
  random: () => number = Math.random,
): number {
  const whole = Math.min(mostMs, firstMs * 2 ** Math.min(attempt, 30));
  return whole / 2 + (whole / 2) * random();
}

/** Sleeps; wakes without an error when `signal` is aborted. */
export async function rest(ms: number, signal?: AbortSignal): Promise<void> {
  await sleep(ms, undefined, signal ? { signal, ref: true } : undefined).catch(() => undefined);
}
