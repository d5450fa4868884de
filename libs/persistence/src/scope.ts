/**
 * The area under which a transaction sees rows (architecture §6). Every transaction names one; the database raises when a
 * query touches household data without.
 */
import { COUNTRY, dutyRange, type RegionCode } from '@fangpin/domain-kit';

export interface Scope {
  /** Who asks, for the log: `http`, `consumer`, `job:…`. */
  readonly name: string;
  readonly lo: number;
  readonly hi: number;
}

export function regionScope(region: RegionCode, name = 'http'): Scope {
  return { name, ...dutyRange(region) };
}

/** The scope of consumers and jobs: the cell (a prefecture, or the whole country on one machine). */
export function cellScope(name: string, cell: RegionCode = COUNTRY): Scope {
  return regionScope(cell, name);
}
