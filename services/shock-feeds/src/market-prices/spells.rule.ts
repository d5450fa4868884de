/**
 * Hysteresis: a spell opens when every reading over some weeks is past the mark and ends when over some weeks every one is
 * back, so that one bad week neither starts nor ends it. Nothing is claimed over weeks without readings: a gap breaks a run,
 * and a long silence ends the spell.
 */
import type { PriceSeriesRule } from '@fangpin/policy';
import { DAYS_A_WEEK, dayOf } from './price-point.js';

export interface Reading {
  readonly day: string;
  readonly number: number;
  /** Absent on days that no rule judges. */
  readonly look?: {
    readonly past: boolean;
    readonly openWeeks: number;
    readonly back: boolean;
    readonly endWeeks: number;
  };
  readonly maxGapDays: number;
  readonly maxSilenceDays: number;
}

/** `habit`: the usual days between two prices of the series. Without a rule there are no bounds. */
export function boundsOf(
  rule: PriceSeriesRule | undefined,
  habit: number,
): Pick<Reading, 'maxGapDays' | 'maxSilenceDays'> {
  if (rule === undefined) return { maxGapDays: Infinity, maxSilenceDays: Infinity };
  const maxGapDays = Math.max(rule.maxGapDays, habit * rule.gapOverHabit);
  return { maxGapDays, maxSilenceDays: Math.max(rule.maxSilenceDays, maxGapDays) };
}

/** Positions among the readings. */
export interface Spell {
  /** The first reading past the mark. */
  readonly since: number;
  /** The reading at which the run was long enough. */
  readonly opened: number;
  /** The last reading within it. */
  readonly last: number;
  /** The day on which it was seen to be over; absent while it is open. */
  readonly endedOn?: string;
  readonly endedBy?: 'hysteresis' | 'silence';
  /** Of one that is open: the day on which it is over unless a price comes before; absent where no rule bounds a silence. */
  readonly silentOn?: string;
}

/** The spells of one series of readings, which come in the order of time. */
export function findSpells(readings: readonly Reading[]): Spell[] {
  const spells: Spell[] = [];
  let open: { since: number; opened: number } | undefined;
  let run: number | undefined;
  readings.forEach(({ day, number, look, maxGapDays, maxSilenceDays }, i) => {
    const before = readings[i - 1]?.number ?? number;
    if (number - before > maxGapDays) run = undefined;
    if (open !== undefined && number - before > maxSilenceDays) {
      spells.push({ ...open, last: i - 1, endedOn: dayOf(before + maxSilenceDays), endedBy: 'silence' });
      open = undefined;
      run = undefined;
    }
    if (look === undefined || !(open === undefined ? look.past : look.back)) return void (run = undefined);
    run ??= i;
    if (!covers(readings, run, i, open === undefined ? look.openWeeks : look.endWeeks)) return;
    if (open === undefined) open = { since: run, opened: i };
    else {
      spells.push({ ...open, last: i, endedOn: day, endedBy: 'hysteresis' });
      open = undefined;
    }
    run = undefined;
  });
  const last = readings.at(-1);
  if (open === undefined || last === undefined) return spells;
  const silentOn = Number.isFinite(last.maxSilenceDays) ? { silentOn: dayOf(last.number + last.maxSilenceDays) } : {};
  return [...spells, { ...open, last: readings.length - 1, ...silentOn }];
}

/** A weekly price stands for its week, so three of them are three weeks. */
export function covers(
  readings: readonly { readonly number: number }[],
  from: number,
  to: number,
  weeks: number,
): boolean {
  const days = (readings[to]?.number ?? 0) - (readings[from]?.number ?? 0) + DAYS_A_WEEK;
  return days >= weeks * DAYS_A_WEEK;
}
