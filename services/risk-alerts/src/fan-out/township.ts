import type { RegionCode } from '@fangpin/domain-kit';

/** A duty code without its last six digits is its township. */
export const TOWNSHIP_SPAN = 1_000_000;

export function townshipOf(dutyCode: number): number {
  return Math.floor(dutyCode / TOWNSHIP_SPAN);
}

export function townshipCode(township: number): RegionCode {
  return String(township).padStart(9, '0') as RegionCode;
}
