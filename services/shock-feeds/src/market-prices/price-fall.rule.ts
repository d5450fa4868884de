/**
 * When a falling price is a shock (policy key `price-fall`): it opens when every week's price over some weeks lies the
 * marked share or more under the mean of the prices before it, and ends when over some weeks none lies far under it any
 * more. Pure: the series decides, not the order in which its rows came.
 */
import type { PriceFallRule, PriceSeriesRule } from '@fangpin/policy';
import type { PricePoint } from './price-point.js';
import { daysOf, levelByShare, permille, type PriceSignal } from './price-signal.js';
import { boundsOf, findSpells, type Reading } from './spells.rule.js';
import { trailingMeans, weekPrices } from './week-prices.rule.js';

/** A fall is measured against the mean at its first day. */
export type PriceFall = PriceSignal & { readonly referenceFenPerKg: number };

/**
 * The falls of one series, in the order of time. `points` are the prices that count, one a day; the rules are those of a
 * day. Prices of days without policy are no shock themselves, but later ones are measured against them.
 */
export function findPriceFalls(
  points: readonly PricePoint[],
  ruleOn: (day: string) => PriceFallRule | undefined,
  seriesOn: (day: string) => PriceSeriesRule | undefined,
): PriceFall[] {
  const weeks = weekPrices(points);
  const meanAt = trailingMeans(points);
  const rules = weeks.map(({ day }) => ruleOn(day));
  const references = weeks.map(({ day }, i) => {
    const rule = rules[i];
    const mean = rule && meanAt(i, rule.windowWeeks);
    if (rule === undefined || mean === undefined || mean.reach < rule.minWindowWeeks) return undefined;
    return mean.weeks >= (seriesOn(day)?.minReferenceWeeks ?? 0) ? mean.fenPerKg : undefined;
  });
  const readings = weeks.map(({ day, number, fenPerKg, habit }, i): Reading => {
    const rule = rules[i];
    const reference = references[i];
    const bounds = boundsOf(seriesOn(day), habit);
    if (rule === undefined) return { day, number, ...bounds };
    const look = {
      past: reference !== undefined && fenPerKg <= reference * (1 - rule.markFallShare),
      openWeeks: rule.consecutiveWeeks,
      back: reference !== undefined && fenPerKg > reference * (1 - rule.endFallShare),
      endWeeks: rule.endConsecutiveWeeks,
    };
    return { day, number, look, ...bounds };
  });
  return findSpells(readings).map((spell): PriceFall => {
    const reference = references[spell.since] as number;
    let level = 1;
    let share = 0;
    for (let i = spell.since; i <= spell.last; i++) {
      share = 1 - (weeks[i]?.fenPerKg ?? reference) / reference;
      const rule = rules[i];
      if (rule !== undefined) level = Math.max(level, levelByShare(share, rule.levelFromFallShare));
    }
    return {
      measure: 'fall',
      ...daysOf(readings, spell),
      level,
      latestPermille: permille(share),
      referenceFenPerKg: Math.round(reference),
    };
  });
}
