/** An earthquake as a catalogue states it at one time. */
import type { Position } from '../boundaries/region-position.js';

export interface Quake {
  readonly id: string;
  /** Other names that the catalogue gives to the same event. */
  readonly otherIds: readonly string[];
  /** As stated, of the stated type; absent from what has been deleted. */
  readonly magnitude?: number;
  /** `mww`, `Ms` …; empty where not stated. */
  readonly magnitudeType: string;
  /** Place in the catalogue's words; empty where not stated. */
  readonly place: string;
  readonly time: Date;
  /** When this was stated; what was stated later counts. */
  readonly updated: Date;
  /** It never was, or is another event of the catalogue. */
  readonly deleted: boolean;
  /** `earthquake`, `quarry blast` … */
  readonly type: string;
  /** Absent from what has been deleted. */
  readonly epicentre?: Position;
  /** Positive down; absent where missing or above the ground. */
  readonly depthKm?: number;
  /** Network, for the source of the shock; empty where not stated. */
  readonly network: string;
}

export const EARTHQUAKE = 'earthquake';

export function isEarthquake({ type }: Quake): boolean {
  return type === EARTHQUAKE;
}
