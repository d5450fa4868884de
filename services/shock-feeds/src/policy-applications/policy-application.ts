/** A policy applied backwards: over which shocks, by whom and why. Days are those of judgement, YYYY-MM-DD, both included. */
import type { RegionCode } from '@fangpin/domain-kit';
import type { Lane } from '@fangpin/policy';

export interface PolicyApplication {
  readonly since: string;
  readonly until: string;
  /** Null for every kind. */
  readonly kinds: readonly string[] | null;
  readonly region: RegionCode;
  readonly reason: string;
  readonly document: string;
}

export interface ConcernedShock {
  readonly shockId: string;
  readonly shockNo: number;
  readonly kind: string;
  readonly headline: string;
  readonly judgedOn: string;
  readonly fromVersion: string;
  readonly fromLane: Lane;
  readonly toLane: Lane;
}
