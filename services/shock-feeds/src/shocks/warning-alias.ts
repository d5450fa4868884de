/**
 * The name that any feed gives to one official warning: area, kind, level and the minute of its issue. CAP, snapshots and
 * lists of the weather service carry the same warnings, and each shall be one shock.
 */
import type { RegionCode } from '@fangpin/domain-kit';

export interface NamedWarning {
  readonly region: RegionCode;
  /** A kind of libs/contracts. */
  readonly kind: string;
  readonly level: number;
  readonly issued: Date;
}

/** `warning:532327:rainstorm:4:2026-07-18T05:12Z` */
export function warningAlias({ region, kind, level, issued }: NamedWarning): string {
  return `warning:${region}:${kind}:${level}:${issued.toISOString().slice(0, 16)}Z`;
}

/** The identifier that the weather service gives to a warning, in CAP and in its lists alike. */
export function cmaAlias(identifier: string): string {
  return `cma:${identifier}`;
}
