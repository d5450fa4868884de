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
}
