/** The dated values that judge one series: by product, at the area that its market speaks for. */
import { findMarketProduct } from '@fangpin/contracts';
import { COUNTRY, type RegionCode } from '@fangpin/domain-kit';
import { levelName, underPolicy, type Lane, type PolicySet } from '@fangpin/policy';
import { laneOf, urgentLane } from '../shocks/lane.rule.js';
import { lanes } from '../shocks/shock.js';
import { marketArea } from './market-area.js';
import type { PriceSignal } from './price-signal.js';

/** A product in a market. */
export interface Series {
  /** Code of libs/contracts. */
  readonly product: number;
  readonly market: string;
}

export type PricePolicy = ReturnType<typeof pricePolicy>;

/** Each answers for a day, with `undefined` where the policy has nothing for it. */
export function pricePolicy({ product: code, market }: Series, policy: PolicySet) {
  const product = findMarketProduct(code);
  const subject = product?.key ?? 'other';
  const area = marketArea(market);
  const place = area ?? COUNTRY;
  return {
    area,
    series: byDay((day) => policy.get('price-series', place, day, subject).value),
    fall: byDay((day) => policy.get('price-fall', place, day, subject).value),
    underCost: byDay((day) => policy.get('price-under-cost', place, day, subject).value),
    // Only what is kept alive has a cost by policy; crops may get one, and then their rule wakes up.
    costFenPerKg: byDay((day) =>
      product?.kind === 'animal' ? policy.get('animal-price', place, day, subject).value.breakEvenFenPerKg : undefined,
    ),
    ratio: byDay((day) => policy.get('pig-grain-ratio', place, day).value),
    /**
     * What a case may reach: the most urgent lane of all signals that it had, at most the lane of its kind. What no household
     * raises, and the price of a single market place, is recorded.
     */
    lane(had: readonly PriceSignal[], level: number, day: string): Lane {
      if (area === undefined || product === undefined || product.kind === 'goods') return 'recorded';
      const asked = urgentLane(had.map((signal) => signalLane(signal, place, day, policy)));
      if (asked === 'recorded') return asked;
      const most = laneOf({ kind: 'price-fall', level, observed: true }, [area], day, policy);
      return lanes.indexOf(asked) < lanes.indexOf(most) ? asked : most;
    },
  };
}

function signalLane({ measure, level }: PriceSignal, place: RegionCode, day: string, policy: PolicySet): Lane {
  const name = levelName(level);
  return name === 'unknown'
    ? 'recorded'
    : (underPolicy(() => policy.get('price-signal-lane', place, day, measure).value[name]) ?? 'recorded');
}

/** Rules ask for the same days again and again. */
function byDay<T>(read: (day: string) => T): (day: string) => T | undefined {
  const known = new Map<string, T | undefined>();
  return (day) => {
    if (!known.has(day))
      known.set(
        day,
        underPolicy(() => read(day)),
      );
    return known.get(day);
  };
}
