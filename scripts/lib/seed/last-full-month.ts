import { shanghaiDay } from '@fangpin/domain-kit';

/** The month before the one that it is in China now, `YYYY-MM`: the last whole month of the rolling income window. */
export function lastFullMonth(now: Date): string {
  const [year, month] = shanghaiDay(now).split('-').map(Number) as [number, number, number];
  return month === 1 ? `${year - 1}-12` : `${year}-${String(month - 1).padStart(2, '0')}`;
}
