import { isDeepStrictEqual } from 'node:util';
import type { AreaFigures, Standing } from './area-warning.rule.js';
import { warningId, type RegionalAlert, type WarningKey } from './regional-alert.js';

/** What a look has seen of one area by one rule and subject, and under what. */
export interface Looked extends WarningKey {
  readonly figures: AreaFigures;
  readonly standing: Standing;
  readonly evaluatedAt: Date;
  readonly judgedOn: string;
  readonly policyVersion: string;
}

/** The revision to be kept after the last one of the same warning; none where nothing is news. */
export function nextRevision(before: ReadonlyMap<string, RegionalAlert>, looked: Looked): RegionalAlert[] {
  const last = before.get(warningId(looked));
  if (last !== undefined && !isNews(last, looked)) return [];
  return [{ ...looked, revision: (last?.revision ?? 0) + 1 }];
}

/** A warning that is over is left as it ended, whatever its figures do below the mark. */
function isNews(last: RegionalAlert, next: Pick<RegionalAlert, 'figures' | 'standing'>): boolean {
  if (last.standing.state === 'ended' && next.standing.state === 'ended') return false;
  return !isDeepStrictEqual(last.standing, next.standing) || !isDeepStrictEqual(last.figures, next.figures);
}
