/**
 * 猪粮比价 (policy key `pig-grain-ratio`): the week's price of pigs over that of maize in the same market, against the levels
 * of the plan of the day (完善政府猪肉储备调节机制 做好猪肉市场保供稳价工作预案 of June 2021, and the plan of 2015 before it).
 */
import type { PigGrainRatioRule, PriceSeriesRule } from '@fangpin/policy';
import { firstFrom, type NumberedPrice, type PricePoint } from './price-point.js';
import { daysOf, LEVEL_NAMES, permille, type PriceSignal } from './price-signal.js';
import { boundsOf, covers, findSpells, type Reading } from './spells.rule.js';
import { weekPrices, type WeekPrice } from './week-prices.rule.js';

interface Ratio {
  readonly day: string;
  readonly number: number;
  readonly habit: number;
  readonly ratio: number;
  readonly rule: PigGrainRatioRule;
}

/** Prices of pigs and of maize that count, one a day; a week without maize near it has no ratio and says nothing. */
export function findLowRatios(
  pigs: readonly PricePoint[],
  maize: readonly PricePoint[],
  ruleOn: (day: string) => PigGrainRatioRule | undefined,
  seriesOn: (day: string) => PriceSeriesRule | undefined,
): PriceSignal[] {
  const ratios = ratiosOf(weekPrices(pigs), weekPrices(maize), ruleOn);
  const readings = ratios.map(({ day, number, habit, ratio, rule }): Reading => {
    const bounds = boundsOf(seriesOn(day), habit);
    const mildest = rule.steps[0];
    const look = {
      past: mildest !== undefined && permille(ratio) < mildest.belowPermille,
      openWeeks: mildest?.consecutiveWeeks ?? 1,
      back: permille(ratio) >= rule.endFromPermille,
      endWeeks: rule.endConsecutiveWeeks,
    };
    return { day, number, look, ...bounds };
  });
  return findSpells(readings).map((spell): PriceSignal => {
    const within = ratios.slice(spell.since, spell.last + 1);
    const gaps = readings.slice(spell.since, spell.last + 1);
    return {
      measure: 'pig-grain-ratio',
      ...daysOf(readings, spell),
      level: gravestStep(within, gaps),
      latestPermille: permille(within.at(-1)?.ratio ?? 0),
    };
  });
}

function ratiosOf(
  pigs: readonly WeekPrice[],
  maize: readonly NumberedPrice[],
  ruleOn: (day: string) => PigGrainRatioRule | undefined,
): Ratio[] {
  return pigs.flatMap(({ day, number, fenPerKg, habit }) => {
    const rule = ruleOn(day);
    const grain = nearest(maize, number);
    if (rule === undefined || grain === undefined || Math.abs(grain.number - number) > rule.maxPairDays) return [];
    return [{ day, number, habit, ratio: fenPerKg / grain.fenPerKg, rule }];
  });
}

/** The price nearest in time; of two as near the earlier one. */
function nearest(series: readonly NumberedPrice[], number: number): NumberedPrice | undefined {
  const at = firstFrom(series, number);
  const before = series[at - 1];
  const after = series[at];
  if (before === undefined || after === undefined) return before ?? after;
  return after.number - number < number - before.number ? after : before;
}

/** The gravest level of the plan that some run of the spell has reached. */
function gravestStep(ratios: readonly Ratio[], readings: readonly Reading[]): number {
  let gravest = 1;
  const runs = new Map<number, number>();
  ratios.forEach(({ number, ratio, rule }, i) => {
    if (number - (ratios[i - 1]?.number ?? number) > (readings[i]?.maxGapDays ?? Infinity)) runs.clear();
    rule.steps.forEach((step, position) => {
      if (permille(ratio) >= step.belowPermille) return void runs.delete(position);
      const since = runs.get(position) ?? i;
      runs.set(position, since);
      if (covers(ratios, since, i, step.consecutiveWeeks))
        gravest = Math.max(gravest, LEVEL_NAMES.indexOf(step.level) + 1);
    });
  });
  return gravest;
}
