/**
 * One series, one shock: signals of a product in a market whose days meet are one case. A signal that joins or leaves changes
 * it; it ends when the last one ends. Pure.
 */
import type { NumberedPrice } from './price-point.js';
import type { PriceSignal } from './price-signal.js';

export interface PriceCase {
  /** First day past a mark. */
  readonly from: string;
  readonly endedOn?: string;
  readonly endedBy?: 'hysteresis' | 'silence';
  /** Of one that stands: the day on which it is over unless a price comes before; absent where no rule bounds a silence. */
  readonly silentOn?: string;
  readonly latestDay: string;
  /** Of the week that ends with the latest day; fen per kilogram. */
  readonly latestFenPerKg: number;
  /** What the latest price is measured against: the mean before the fall, else the production cost, else the first price. */
  readonly referenceFenPerKg: number;
  /** The gravest of its {@link signals}. */
  readonly level: number;
  /** The signals that stand; of a case that is over, all that it had; of one that fell silent, those that stood then. */
  readonly signals: readonly PriceSignal[];
  /** All that it ever had: followers who heard of a grave signal shall hear the rest too. */
  readonly had: readonly PriceSignal[];
}

/** `weeks`: the prices that count, by week, in the order of time. `costOn`: production cost of a day, fen per kilogram. */
export function casesOf(
  signals: readonly PriceSignal[],
  weeks: readonly NumberedPrice[],
  costOn: (day: string) => number | undefined,
): PriceCase[] {
  return meeting(signals).map((had): PriceCase => {
    const over = had.every(({ endedOn }) => endedOn !== undefined);
    const last = over ? had.reduce((a, b) => ((b.endedOn ?? '') > (a.endedOn ?? '') ? b : a)) : undefined;
    const standing = had.filter(({ endedOn }) => endedOn === undefined);
    const shown = last === undefined ? standing : last.endedBy === 'silence' ? fellSilentWith(last, had) : had;
    const from = had[0]?.from ?? '';
    const within = weeks.filter(({ day }) => day >= from && (last?.endedOn === undefined || day <= last.endedOn));
    const latest = within.at(-1);
    const latestDay = latest?.day ?? from;
    const fall = shown.findLast(({ measure }) => measure === 'fall');
    const reference = fall?.referenceFenPerKg ?? costOn(latestDay) ?? within[0]?.fenPerKg ?? 0;
    return {
      from,
      ...(last?.endedOn === undefined ? {} : { endedOn: last.endedOn }),
      ...(last?.endedBy === undefined ? {} : { endedBy: last.endedBy }),
      ...silenceOf(standing),
      latestDay,
      latestFenPerKg: Math.max(1, Math.round(latest?.fenPerKg ?? 0)),
      referenceFenPerKg: Math.max(1, Math.round(reference)),
      level: Math.max(...shown.map(({ level }) => level)),
      signals: shown,
      had,
    };
  });
}

/** A series that falls silent takes nothing back and adds nothing: its case ends as it stood. */
function fellSilentWith(last: PriceSignal, had: readonly PriceSignal[]): readonly PriceSignal[] {
  return had.filter(({ endedOn, endedBy }) => endedBy === 'silence' && endedOn === last.endedOn);
}

/** When the last of the standing signals is over. */
function silenceOf(standing: readonly PriceSignal[]): Pick<PriceCase, 'silentOn'> {
  const days = standing.flatMap(({ silentOn }) => silentOn ?? []);
  const bounded = days.length > 0 && days.length === standing.length;
  return bounded ? { silentOn: days.reduce(later) } : {};
}

/** Groups of signals whose days meet, each in the order of first days. */
function meeting(signals: readonly PriceSignal[]): PriceSignal[][] {
  const sorted = [...signals].sort((a, b) =>
    a.from < b.from || (a.from === b.from && a.measure < b.measure) ? -1 : 1,
  );
  const groups: PriceSignal[][] = [];
  // The day on which a group was over; a standing one meets all that follow.
  let until: string | undefined = '';
  for (const signal of sorted) {
    const group = groups.at(-1);
    if (group === undefined || (until !== undefined && signal.from > until)) {
      groups.push([signal]);
      until = signal.endedOn;
    } else {
      group.push(signal);
      until = until === undefined || signal.endedOn === undefined ? undefined : later(until, signal.endedOn);
    }
  }
  return groups;
}

function later(a: string, b: string): string {
  return a > b ? a : b;
}
