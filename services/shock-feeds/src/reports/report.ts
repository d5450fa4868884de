/** What an officer or a department enters: a shock in their own words. */
import type { RegionCode } from '@fangpin/domain-kit';
import type { AreaDamage, DiseasedAnimals, LayOffFacts, UnsoldStockFacts, WaterCutFacts } from '../shocks/shock.js';

export interface ShockReport {
  readonly kind: string;
  /** 0 where none is stated. */
  readonly level: number;
  /** True for what has happened, false for a forecast. */
  readonly observed: boolean;
  /** Of a lay-off: where the work was. */
  readonly regions: readonly RegionCode[];
  readonly onset: Date;
  readonly expires: Date | null;
  readonly headline: string;
  readonly source: string;
  readonly damage: readonly AreaDamage[];
  /** Of `unsold-stock`, and of it alone. */
  readonly unsoldStock?: UnsoldStockFacts;
  /** Of `lay-off`, and of it alone. */
  readonly layOff?: LayOffFacts;
  readonly waterCut?: WaterCutFacts;
  /** Of animal diseases, where heads have been counted. */
  readonly animalDisease?: readonly DiseasedAnimals[];
  /** The shock that this report goes on with (续报, 核报), or the forecast that came true. */
  readonly shockId?: string;
  /** Why figures jump from one report of an event to the next. */
  readonly explanation?: string;
}
