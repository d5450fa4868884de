/** Outcomes of an alert as they are stored and answered: the numbers of `TriageOutcome` in cases/v1/case.proto. */
import { TriageOutcome } from '@fangpin/contracts';

export const OPENED = TriageOutcome.OPENED;
export const ATTACHED = TriageOutcome.ATTACHED;
export const LISTED = TriageOutcome.LISTED;
export const PARKED = TriageOutcome.PARKED;
export const DROPPED = TriageOutcome.DROPPED;
export const FLAGGED = TriageOutcome.FLAGGED;

/** Outcomes up to this one say that the alert stands. */
export const LAST_STANDING = LISTED;

/** The alert still stands. */
export const isStanding = (outcome: TriageOutcome): boolean =>
  outcome === OPENED || outcome === ATTACHED || outcome === LISTED;
