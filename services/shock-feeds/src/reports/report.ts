/** What an officer or a department enters: a shock in their own words. */
import type { RegionCode } from '@fangpin/domain-kit';
import type { AreaDamage } from '../shocks/shock.js';

export interface ShockReport {
  readonly kind: string;
  /** 0 where none is stated. */
  readonly level: number;
  /** True for what has happened, false for a forecast. */
  readonly observed: boolean;
  readonly regions: readonly RegionCode[];
  readonly onset: Date;
  readonly expires: Date | null;
  readonly headline: string;
  readonly source: string;
  readonly damage: readonly AreaDamage[];
}
