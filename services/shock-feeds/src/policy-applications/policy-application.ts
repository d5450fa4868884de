/** A policy applied backwards: over which shocks, by whom and why. Days are those of judgement, YYYY-MM-DD, both included. */
import { contains, COUNTRY, type RegionCode } from '@fangpin/domain-kit';
import type { Lane } from '@fangpin/policy';
import type { ChangeName } from './changes.rule.js';
import type { DerivedPart } from './derive-again.rule.js';
import type { NotJudged, Rejudged } from './rejudge-shocks.js';

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
  /** The lane that it has, where its judging fails. */
  readonly toLane: Lane;
  readonly changes: readonly ChangeName[];
  readonly notDerived: readonly DerivedPart[];
  /** Why it cannot be judged. */
  readonly error?: unknown;
}

/** Where one comes to lie: `beyond` the region it is for whoever answers for all of its area, also where only the version takes it there. */
export function concernOf(judged: Rejudged | NotJudged, region: RegionCode): 'concerned' | 'beyond' | 'not' {
  if ('error' in judged) return 'concerned';
  const { shock, draft } = judged;
  if (shock.lane === 'recorded' && draft.content.lane === 'recorded') return 'not';
  const within = draft.content.regions.every((area) => region === COUNTRY || contains(region, area));
  if (within) return 'concerned';
  const touches = [...shock.regions, ...draft.content.regions].some(
    (area) => contains(region, area) || contains(area, region),
  );
  return touches ? 'beyond' : 'not';
}
