/** What a look at a household that changed has to say: nothing, where the verdict stays the same. Pure. */
import type { ExposedHousehold } from '../exposure/exposure-row.js';
import type { Verdict } from '../loss/household.js';
import { lowestRevision, nextLook } from './alert-revision.js';
import { RAISED, WITHDRAWN } from './alert-rows.js';
import type { FanOut } from './fan-out.js';
import type { LastAlert } from './last-alerts.js';
import { townshipOf } from './township.js';

const NO_LOSS: Verdict = { loss: { low: 0, middle: 0, high: 0 }, projectedFen: null, severity: 0, reasons: 0 };

/** An alert revision that is to be stored and said. */
export interface Change {
  readonly household: ExposedHousehold;
  readonly verdict: Verdict;
  readonly revision: number;
  readonly state: number;
}

/** Undefined where the last alert of the household says the same, or it has none and needs none. */
export function changeOf(
  fanOut: Pick<FanOut, 'shockRevision'>,
  epoch: number,
  household: ExposedHousehold,
  verdict: Verdict,
  last: LastAlert | undefined,
): Change | undefined {
  const raised = last?.state === RAISED;
  const revision = nextLook(fanOut.shockRevision, epoch, last?.revision);
  if (verdict.withheld !== undefined) return raised ? { household, verdict, revision, state: WITHDRAWN } : undefined;
  // An alert that stands from a revision before, because the slice of this one was lost, is said anew: it goes by this one's policy and facts.
  const ofThis = raised && last.revision >= lowestRevision(fanOut.shockRevision);
  if (ofThis && isLessForWantOfLine(household, verdict, last)) return undefined;
  const same =
    ofThis &&
    last.severity === verdict.severity &&
    last.lossFen === verdict.loss.middle &&
    last.reasons === verdict.reasons &&
    last.dutyCode === household.dutyCode &&
    last.persons === household.persons &&
    last.perCapitaFen === household.perCapitaFen;
  return same ? undefined : { household, verdict, revision, state: RAISED };
}

/** It has moved to where no line was set, and its need alone is milder than what its income made of it: that stands. */
function isLessForWantOfLine(household: ExposedHousehold, verdict: Verdict, last: LastAlert): boolean {
  const hasMoved = townshipOf(household.dutyCode) !== townshipOf(last.dutyCode);
  return verdict.lineUnknown === true && hasMoved && verdict.severity < last.severity;
}

/** A household that the shock no longer touches (it sold its pigs, it moved out). */
export function withdrawal(fanOut: FanOut, epoch: number, last: LastAlert): Change {
  const household: ExposedHousehold = {
    householdId: last.householdId,
    dutyCode: last.dutyCode,
    persons: last.persons,
    perCapitaFen: last.perCapitaFen,
    facts: 0,
    livelihoods: [],
  };
  return {
    household,
    verdict: NO_LOSS,
    revision: nextLook(fanOut.shockRevision, epoch, last.revision),
    state: WITHDRAWN,
  };
}
