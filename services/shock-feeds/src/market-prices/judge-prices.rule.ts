/** All that a series says: its marks, and the cases that its prices make under the policy of their days. Pure. */
import { findProductByKey } from '@fangpin/contracts';
import { markPrices, type PriceMark } from './mark-prices.rule.js';
import { findLowRatios } from './pig-grain-ratio.rule.js';
import { casesOf, type PriceCase } from './price-case.rule.js';
import { findPriceFalls } from './price-fall.rule.js';
import type { PricePoint } from './price-point.js';
import type { PricePolicy, Series } from './price-policy.js';
import { findUnderCost } from './under-cost.rule.js';
import { weekPrices } from './week-prices.rule.js';

const PIG = findProductByKey('pig')?.code;
const MAIZE = findProductByKey('maize')?.code;

export interface JudgedPrices {
  readonly marks: readonly PriceMark[];
  readonly cases: readonly PriceCase[];
}

/** `grain`: the maize prices of the same market with their own policy, for series that need them. */
export function judgePrices(
  { product }: Series,
  points: readonly PricePoint[],
  policy: PricePolicy,
  grain: { readonly points: readonly PricePoint[]; readonly policy: PricePolicy } | undefined,
): JudgedPrices {
  const { kept, marks } = markPrices(points, policy.series);
  const maize = grain === undefined ? [] : markPrices(grain.points, grain.policy.series).kept;
  const signals = [
    ...findPriceFalls(kept, policy.fall, policy.series),
    ...findUnderCost(kept, policy.underCost, policy.costFenPerKg, policy.series),
    ...(product === PIG ? findLowRatios(kept, maize, policy.ratio, policy.series) : []),
  ];
  return { marks, cases: casesOf(signals, weekPrices(kept), policy.costFenPerKg) };
}

/** The series whose prices this one is set against: maize for pigs. */
export function grainOf({ product, market }: Series): Series | undefined {
  return product === PIG && MAIZE !== undefined ? { product: MAIZE, market } : undefined;
}

/** The series that is set against this one: pigs for maize. */
export function measuredAgainst({ product, market }: Series): Series | undefined {
  return product === MAIZE && PIG !== undefined ? { product: PIG, market } : undefined;
}
