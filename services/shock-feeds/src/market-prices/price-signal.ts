/** One thing that speaks for a price shock: a spell of one measure. */
import type { LevelName } from '@fangpin/policy';
import type { PriceMeasure } from '../shocks/shock.js';
import type { Reading, Spell } from './spells.rule.js';

export interface PriceSignal {
  readonly measure: PriceMeasure;
  /** First day past the mark. */
  readonly from: string;
  /** The day on which the run was long enough. */
  readonly openedOn: string;
  /** The day on which it was seen to be over; absent while it stands. */
  readonly endedOn?: string;
  readonly endedBy?: 'hysteresis' | 'silence';
  /** Of one that stands: the day on which it is over unless a price comes before. */
  readonly silentOn?: string;
  /** The gravest level that it has reached, 1–4. */
  readonly level: number;
  /** Share under the reference, or ratio, at its last price; in thousandths. */
  readonly latestPermille: number;
  /** What the price is measured against, fen per kilogram; a ratio has none. */
  readonly referenceFenPerKg?: number;
}

export const LEVEL_NAMES: readonly LevelName[] = ['blue', 'yellow', 'orange', 'red'];

/** 1–4 by the gravest share that is reached, 0 where none is. */
export function levelByShare(share: number, from: Readonly<Record<LevelName, number>>): number {
  return LEVEL_NAMES.findLastIndex((name) => share >= from[name]) + 1;
}

/** Days of a spell as a signal states them. */
export function daysOf(readings: readonly Reading[], spell: Spell) {
  const day = (at: number): string => readings[at]?.day ?? '';
  return {
    from: day(spell.since),
    openedOn: day(spell.opened),
    ...(spell.endedOn === undefined ? {} : { endedOn: spell.endedOn }),
    ...(spell.endedBy === undefined ? {} : { endedBy: spell.endedBy }),
    ...(spell.silentOn === undefined ? {} : { silentOn: spell.silentOn }),
  };
}

export function permille(share: number): number {
  return Math.round(share * 1_000);
}
