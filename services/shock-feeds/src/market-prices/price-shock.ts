/** A fall of prices as a shock. */
import { findProduct } from '@fangpin/contracts';
import { COUNTRY } from '@fangpin/domain-kit';
import { NoPolicy, type PolicySet, type PriceFallRule } from '@fangpin/policy';
import { laneOf } from '../shocks/lane.rule.js';
import type { PriceFallFacts, ShockContent } from '../shocks/shock.js';
import { marketArea } from './market-area.js';
import type { PriceFallEpisode } from './price-fall.rule.js';

export interface Series {
  readonly product: number;
  readonly market: string;
}

export function priceShock(series: Series, episode: PriceFallEpisode, policy: PolicySet): ShockContent {
  const area = marketArea(series.market);
  const regions = area === undefined ? [] : [area];
  const judgedOn = episode.endedOn ?? episode.latestDay;
  const question = { kind: 'price-fall', level: episode.level, observed: true };
  const price: PriceFallFacts = {
    ...series,
    referenceFenPerKg: episode.referenceFenPerKg,
    latestFenPerKg: episode.latestFenPerKg,
    fromDay: episode.from,
    latestDay: episode.latestDay,
  };
  return {
    ...question,
    lane: laneOf(question, regions, judgedOn, policy),
    regions,
    onset: new Date(`${episode.from}T00:00:00+08:00`),
    expires: null,
    headline: headlineOf(price),
    source: `市场价格：${series.market}`,
    policyVersion: policy.version,
    judgedOn,
    damage: [],
    price,
  };
}

/** The rule of a series on a day: by product, at the market's area; none for days before the first policy. */
export function priceFallRule(series: Series, policy: PolicySet) {
  const key = findProduct(series.product)?.key ?? 'other';
  const area = marketArea(series.market) ?? COUNTRY;
  return (day: string): PriceFallRule | undefined => {
    try {
      return policy.get('price-fall', area, day, key).value;
    } catch (error) {
      if (error instanceof NoPolicy) return undefined;
      throw error;
    }
  };
}

function headlineOf({
  product,
  market,
  referenceFenPerKg,
  latestFenPerKg,
  fromDay,
  latestDay,
}: PriceFallFacts): string {
  const name = findProduct(product)?.name ?? String(product);
  const percent = Math.round((1 - latestFenPerKg / referenceFenPerKg) * 100);
  const change = percent >= 0 ? `下跌${percent}%` : `上涨${-percent}%`;
  return `${market}${name}价格自${fromDay}起明显下跌：${latestDay}为每公斤${yuan(latestFenPerKg)}元，较此前均价${yuan(referenceFenPerKg)}元${change}`;
}

function yuan(fen: number): string {
  return (fen / 100).toFixed(2);
}
