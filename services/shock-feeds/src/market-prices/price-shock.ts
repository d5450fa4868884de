/** A case of prices as a shock. */
import { findMarketProduct } from '@fangpin/contracts';
import type { PriceFallFacts, ShockContent } from '../shocks/shock.js';
import type { PriceCase } from './price-case.rule.js';
import type { PricePolicy, Series } from './price-policy.js';
import type { PriceSignal } from './price-signal.js';

/** The shock of a case under one version of the policy; it is judged at its own latest day, or the day it was over. */
export function priceShock(series: Series, found: PriceCase, policy: PricePolicy, policyVersion: string): ShockContent {
  const judgedOn = found.endedOn ?? found.latestDay;
  const price: PriceFallFacts = {
    ...series,
    referenceFenPerKg: found.referenceFenPerKg,
    latestFenPerKg: found.latestFenPerKg,
    fromDay: found.from,
    latestDay: found.latestDay,
  };
  return {
    kind: 'price-fall',
    level: found.level,
    observed: true,
    lane: policy.lane(found.had, found.level, judgedOn),
    regions: policy.area === undefined ? [] : [policy.area],
    onset: new Date(`${found.from}T00:00:00+08:00`),
    expires: null,
    headline: headlineOf(price, found),
    source: `市场价格：${series.market}`,
    policyVersion,
    judgedOn,
    damage: [],
    price,
    facts: {
      priceSignals: found.signals.map(({ measure, level, from, latestPermille }) => ({
        measure,
        level,
        fromDay: from,
        latestPermille,
      })),
    },
  };
}

function headlineOf(price: PriceFallFacts, { signals }: PriceCase): string {
  const { product, market, referenceFenPerKg, latestFenPerKg, fromDay, latestDay } = price;
  const name = findMarketProduct(product)?.name ?? String(product);
  const has = (measure: PriceSignal['measure']) => signals.findLast((signal) => signal.measure === measure);
  const percent = Math.round((1 - latestFenPerKg / referenceFenPerKg) * 100);
  const change = percent >= 0 ? `下跌${percent}%` : `上涨${-percent}%`;
  const ratio = has('pig-grain-ratio');
  const what = has('fall') ? '明显下跌' : has('under-cost') ? '低于生产成本' : '与饲料价格之比偏低';
  return [
    `${market}${name}价格自${fromDay}起${what}：${latestDay}为每公斤${yuan(latestFenPerKg)}元`,
    ...(has('fall') ? [`较此前均价${yuan(referenceFenPerKg)}元${change}`] : []),
    ...(has('under-cost') ? [has('fall') ? '并低于生产成本' : `生产成本为每公斤${yuan(referenceFenPerKg)}元`] : []),
    ...(ratio === undefined ? [] : [`猪粮比价${(ratio.latestPermille / 1_000).toFixed(2)}∶1`]),
  ].join('，');
}

function yuan(fen: number): string {
  return (fen / 100).toFixed(2);
}
