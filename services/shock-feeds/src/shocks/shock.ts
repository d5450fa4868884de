/** A shock as this service holds it: content, lane and life. Times are instants, areas region codes, levels 0–4. */
import type { RegionCode } from '@fangpin/domain-kit';
import type { Lane } from '@fangpin/policy';

export type ShockState = 'open' | 'ended' | 'cancelled';
export const lanes = ['recorded', 'notice', 'alert'] as const satisfies readonly Lane[];
export const shockStates = ['open', 'ended', 'cancelled'] as const satisfies readonly ShockState[];

/** What a damage report says of one area. Areas in hundredths of a mu. */
export interface AreaDamage {
  readonly region: RegionCode;
  readonly cropHitCentimu: number;
  readonly cropDamagedCentimu: number;
  readonly cropLostCentimu: number;
  /** Product codes of libs/contracts; empty means all crops. */
  readonly products: readonly number[];
  /** Houses in 户, one for a household. */
  readonly housesCollapsed: number;
  readonly housesDamaged: number;
}

/** A price that fell past its mark; fen per kilogram, days as YYYY-MM-DD. */
export interface PriceFallFacts {
  readonly product: number;
  readonly market: string;
  readonly referenceFenPerKg: number;
  readonly latestFenPerKg: number;
  readonly fromDay: string;
  readonly latestDay: string;
}

/** How a shock is over: by its time, by its source's word, called off, by measured values, or taken over by another shock. */
export const shockEnds = ['expiry', 'lifted', 'cancelled', 'hysteresis', 'taken-over'] as const;
export type ShockEnd = (typeof shockEnds)[number];

/** Seismic intensity (烈度, GB/T 17742) by area; reported zones stand in the place of computed ones. */
export interface IntensityFacts {
  readonly zones: readonly { readonly region: RegionCode; readonly intensity: number }[];
  readonly reported: boolean;
  readonly magnitude?: number;
  readonly depthKm?: number;
  readonly latitude?: number;
  readonly longitude?: number;
}

/** Stock that finds no buyer (滞销); kilograms in the whole area and fen per kilogram, 0 where not stated. */
export interface UnsoldStockFacts {
  readonly products: readonly {
    readonly product: number;
    readonly quantityKg: number;
    readonly offeredFenPerKg: number;
  }[];
}

/** A firm, or the workplaces of an area, let people go. */
export interface LayOffFacts {
  /** Unified social credit code; empty where the area as a whole is meant. */
  readonly employer: string;
  /** Branches of the product table; empty means all. */
  readonly branches: readonly number[];
  /** People let go; 0 where not stated. */
  readonly persons: number;
}

/** Drinking water that does not come (停水). */
export interface WaterCutFacts {
  /** Codes of the water schemes as the register has them; empty means all households of the regions. */
  readonly schemes: readonly string[];
  /** Days without water, so far or as announced; 0 where not stated. */
  readonly days: number;
}

/** Animals of an area that a disease has taken; heads, 0 where not reported. */
export interface DiseasedAnimals {
  readonly region: RegionCode;
  /** Animal of the product table. */
  readonly product: number;
  readonly deadHeads: number;
  /** Killed by order (扑杀). */
  readonly culledHeads: number;
}

export type PriceMeasure = 'fall' | 'under-cost' | 'pig-grain-ratio';

/** One thing that speaks for a price shock; its latest value as a share or ratio in thousandths. */
export interface PriceSignalFacts {
  readonly measure: PriceMeasure;
  readonly level: number;
  readonly fromDay: string;
  readonly latestPermille: number;
}

/** What only shocks of some kinds have. */
export interface ShockFacts {
  readonly intensity?: IntensityFacts;
  readonly unsoldStock?: UnsoldStockFacts;
  readonly layOff?: LayOffFacts;
  readonly waterCut?: WaterCutFacts;
  readonly animalDisease?: readonly DiseasedAnimals[];
  readonly priceSignals?: readonly PriceSignalFacts[];
  /** The forecast of which this is what happened. */
  readonly forecastShockId?: string;
}

export interface ShockContent {
  /** A kind of libs/contracts shock-kinds. */
  readonly kind: string;
  /** 0 where none is stated. */
  readonly level: number;
  readonly observed: boolean;
  readonly lane: Lane;
  readonly regions: readonly RegionCode[];
  readonly onset: Date;
  readonly expires: Date | null;
  readonly headline: string;
  readonly source: string;
  readonly policyVersion: string;
  /** The day whose policy and line count, YYYY-MM-DD. */
  readonly judgedOn: string;
  readonly damage: readonly AreaDamage[];
  readonly price?: PriceFallFacts;
  readonly facts?: ShockFacts;
}
