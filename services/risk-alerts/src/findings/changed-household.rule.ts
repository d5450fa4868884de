/**
 * What a change of the household is to an alert of a finding that stands: nothing, said at once, or said once its incomes and members have rested
 * (docs/adr/0076-an-alert-of-a-finding-follows-its-household.md). Pure.
 */
import type { Verdict } from '../loss/household.js';
import type { FindingDecision, LastFindingAlert } from './decide-finding.rule.js';
import type { KnownHousehold } from './found-households.js';

export type WhenSaid = 'never' | 'at-once' | 'after-rest';

/**
 * Whether the alert says something of the household that is so no longer: its members, that its income is known or not, or an income or a loss that
 * differs by that share of what was said.
 */
export function saysOtherwise(
  said: Pick<LastFindingAlert, 'persons' | 'perCapitaFen' | 'lossFen'>,
  { persons, perCapitaFen }: Pick<KnownHousehold, 'persons' | 'perCapitaFen'>,
  { loss }: Pick<Verdict, 'loss'>,
  share: number,
): boolean {
  if (said.persons !== persons || (said.perCapitaFen === null) !== (perCapitaFen === null)) return true;
  const differs = (was: number, now: number): boolean => now !== was && Math.abs(now - was) >= share * Math.abs(was);
  return differs(said.perCapitaFen ?? 0, perCapitaFen ?? 0) || differs(said.lossFen, loss.middle);
}

/**
 * When a decision is said of an alert that stands. Graver at once; milder, no risk any more or another figure after rest. Somebody has answered it up to
 * a severity (`answeredUpTo`: an ended case, a check without risk): then nothing but what is graver than that. `null`: nobody has.
 */
export function whenSaid(
  { raise, outcome }: FindingDecision,
  said: Pick<LastFindingAlert, 'severity'>,
  answeredUpTo: number | null,
): WhenSaid {
  // It cannot be judged, or says the same: what stands goes on standing.
  if (outcome !== 'withheld' && raise === undefined) return 'never';
  const severity = raise?.verdict.severity ?? 0;
  if (severity > Math.max(said.severity, answeredUpTo ?? 0)) return 'at-once';
  return answeredUpTo === null ? 'after-rest' : 'never';
}
