/**
 * Under which set of rules a step is taken (rulebook §14): 防止返贫动态监测 through 2025, 常态化精准帮扶 from 2026. Categories and
 * forms of the two differ, so every case and step names its own.
 */
export const regimes = {
  1: '防止返贫动态监测',
  2: '常态化精准帮扶',
} as const;

export type Regime = keyof typeof regimes;

const SECOND_REGIME_FROM = '2026-01-01';

/** The regime of a day (`YYYY-MM-DD`, Asia/Shanghai). */
export function regimeOf(day: string): Regime {
  return day < SECOND_REGIME_FROM ? 1 : 2;
}

export function regimeName(code: number): string {
  return regimes[code as Regime] ?? '';
}
