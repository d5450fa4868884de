/**
 * When a price under the production cost is a signal (policy keys `price-under-cost` and `animal-price`): every week's price
 * over some weeks lies under it. A product without a cost has none.
 */
import type { PriceSeriesRule, UnderCostRule } from '@fangpin/policy';
import type { PricePoint } from './price-point.js';
import { daysOf, levelByShare, permille, type PriceSignal } from './price-signal.js';
import { boundsOf, findSpells, type Reading } from './spells.rule.js';
import { weekPrices } from './week-prices.rule.js';

/** `costOn`: production cost of a day in fen per kilogram. */
export function findUnderCost(
  points: readonly PricePoint[],
  ruleOn: (day: string) => UnderCostRule | undefined,
  costOn: (day: string) => number | undefined,
  seriesOn: (day: string) => PriceSeriesRule | undefined,
): PriceSignal[] {
  const weeks = weekPrices(points).map((week) => ({ ...week, cost: costOn(week.day), rule: ruleOn(week.day) }));
  const readings = weeks.map(({ day, number, fenPerKg, habit, cost, rule }): Reading => {
    const bounds = boundsOf(seriesOn(day), habit);
    if (rule === undefined || cost === undefined) return { day, number, ...bounds };
    const look = {
      past: fenPerKg < cost,
      openWeeks: rule.consecutiveWeeks,
      back: fenPerKg >= cost,
      endWeeks: rule.endConsecutiveWeeks,
    };
    return { day, number, look, ...bounds };
  });
  return findSpells(readings).map((spell): PriceSignal => {
    let level = 1;
    let share = 0;
    let reference = 0;
    for (const { fenPerKg, cost, rule } of weeks.slice(spell.since, spell.last + 1)) {
      if (cost === undefined || rule === undefined) continue;
      share = 1 - fenPerKg / cost;
      reference = cost;
      level = Math.max(level, levelByShare(share, rule.levelFromShare));
    }
    return {
      measure: 'under-cost',
      ...daysOf(readings, spell),
      level,
      latestPermille: permille(share),
      referenceFenPerKg: reference,
    };
  });
}
