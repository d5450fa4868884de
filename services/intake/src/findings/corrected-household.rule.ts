/**
 * Whether the register has put right of whom a finding is: its person is no longer in the household that it was matched to, and belonged to
 * the other one already when what was found began. Pure. Who has moved since takes nothing along: the finding was of the household as it was,
 * and so it stays where nobody has said since when the person belongs to the other one.
 */
import type { Candidate } from '../people/find-households.js';
import { isMatched, type Finding, type FoundHousehold, type Match } from './finding.js';

/** `match`: where its person is found now, within the area of its sender. Undefined where the finding stays as it is. */
export function correctedHousehold(
  { named, match: known, facts }: Pick<Finding, 'named' | 'match' | 'facts'>,
  match: Match,
  candidates: readonly Candidate[],
): FoundHousehold | undefined {
  if (!isMatched(known) || !isMatched(match) || !('idHash' in named) || match.householdId === known.householdId)
    return undefined;
  const belonged = candidates.some(
    ({ idHash, householdId, since }) =>
      idHash === named.idHash && householdId === match.householdId && since !== undefined && since <= facts.period,
  );
  return belonged ? match : undefined;
}
