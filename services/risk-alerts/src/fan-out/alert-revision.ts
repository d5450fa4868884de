/**
 * An alert's revision: that of the shock, with room for 65,535 later looks at single households under the same shock
 * revision. It grows with either.
 */
import { packRevision, unpackRevision } from '@fangpin/domain-kit';

const EVALUATIONS = 2 ** 16;

export function alertRevision(shockRevision: number, evaluation = 0): number {
  if (evaluation < 0 || evaluation >= EVALUATIONS) throw new RangeError(`evaluation ${evaluation} out of range`);
  const { epoch, version } = unpackRevision(shockRevision);
  return packRevision({ epoch, version: version * EVALUATIONS + evaluation });
}

/** The next look under a shock's revision at a household whose last alert revision is known, or not. */
export function nextLook(shockRevision: number, last: number | undefined): number {
  const first = alertRevision(shockRevision, 1);
  return last !== undefined && last >= first ? last + 1 : first;
}

/** The shock's revision under which an alert revision was raised. */
export function shockRevisionOf(revision: number): number {
  const { epoch, version } = unpackRevision(revision);
  return packRevision({ epoch, version: Math.floor(version / EVALUATIONS) });
}
