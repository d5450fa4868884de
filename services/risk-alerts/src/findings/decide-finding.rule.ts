/**
 * What a revision of a finding changes, given the household as it is known and the alerts that the finding has raised so far.
 * Pure. A finding can have raised alerts of another household or cause, where the department corrected itself: those are taken
 * back.
 */
import { underPolicy, type PolicySet } from '@fangpin/policy';
import { RAISED } from '../fan-out/alert-rows.js';
import { isHeldBack } from '../joint/held-back.js';
import { townshipCode, townshipOf } from '../fan-out/township.js';
import type { Verdict } from '../loss/household.js';
import type { FindingFacts } from './finding-facts.js';
import { saysOtherwise } from './changed-household.rule.js';
import { judgeFinding, type AlertedBefore } from './finding-loss.rule.js';
import type { FindingReason, WaitingReason } from './finding-reasons.js';
import type { KnownHousehold } from './found-households.js';
import type { NotedFinding } from './noted-finding.js';

/** The last revision of an alert of a finding, with the finding as it was then. */
export interface LastFindingAlert {
  readonly origin: number;
  readonly householdId: number;
  readonly dutyCode: number;
  readonly revision: number;
  readonly state: number;
  readonly severity: number;
  /** What it was judged by, of the household; fen, null where no income was known. */
  readonly persons: number;
  readonly perCapitaFen: number | null;
  readonly lossFen: number;
  /** No monitoring line held for its place and day under the policy that it was judged by. */
  readonly lineUnknown: boolean;
  readonly facts: FindingFacts;
  /** What all its revisions have told as paid, fen. */
  readonly saidFen: readonly number[];
}

export type FindingState = 'waiting' | 'alerted' | 'withheld' | 'withdrawn';

export interface FindingDecision {
  readonly outcome: FindingState;
  /** Why it waits or raises nothing; of one that is alerted, why its last revision is not judged yet, or not in all that counts. */
  readonly reason: FindingReason | null;
  readonly raise?: { readonly household: KnownHousehold; readonly verdict: Verdict };
  /** Where it raises nothing by itself and counts together with others (docs/adr/0060). */
  readonly heldBack?: { readonly household: KnownHousehold; readonly verdict: Verdict };
  readonly withdraw: readonly LastFindingAlert[];
}

/**
 * `household` is undefined where the exposure does not know it. `correctFrom`: where the household changed, the share by which an income or a loss differs
 * from what the alert says, so that it is put right (policy `changed-household`).
 */
export function decideFinding(
  { facts, origin, householdId }: Pick<NotedFinding, 'facts' | 'origin' | 'householdId'>,
  household: KnownHousehold | 'left' | undefined,
  last: readonly LastFindingAlert[],
  policy: PolicySet,
  correctFrom?: number,
): FindingDecision {
  const standing = last.filter(({ state }) => state === RAISED);
  if (facts.withdrawn) return { outcome: 'withdrawn', reason: null, withdraw: standing };
  const own = standing.find((alert) => alert.origin === origin && alert.householdId === householdId);
  const others = standing.filter((alert) => alert !== own);
  // What stands goes on standing, for the case follows who moves; this revision is judged once that can be done.
  const unjudged = (reason: WaitingReason): FindingDecision => {
    return { outcome: own === undefined ? 'waiting' : 'alerted', reason, withdraw: others };
  };
  if (household === undefined) return unjudged('household-unknown');
  if (household === 'left') return unjudged('household-left');
  const withheld = (reason: FindingReason): FindingDecision => ({ outcome: 'withheld', reason, withdraw: standing });
  const township = townshipCode(townshipOf(household.dutyCode));
  const judged = underPolicy(() => judgeFinding(facts, household, policy, township, before(own)));
  if (judged === undefined) return unjudged('no-policy');
  if (judged.outcome === 'withdrawn' || judged.outcome === 'below-threshold') return withheld('below-threshold');
  const { verdict } = judged;
  if (verdict.withheld !== undefined) {
    const heldBack = isHeldBack(verdict.withheld) ? { heldBack: { household, verdict } } : {};
    return { ...withheld(verdict.withheld), ...heldBack };
  }
  const reason = verdict.lineUnknown === true ? 'no-line' : null;
  // Less only for want of a line, as where the household has moved to a place without one: what stands was judged by more.
  if (reason !== null && own?.lineUnknown === false && verdict.severity < own.severity) return unjudged('no-policy');
  // Not grown enough to be told again; what has become milder is said, so that a correction eases what it had raised, and so is an
  // income or a line that was not known before: the alert says that it was not. The case and the check item follow the alert to where the household
  // has moved.
  const incomeCame = own !== undefined && own.perCapitaFen === null && household.perCapitaFen !== null;
  const lineCame = own?.lineUnknown === true && reason === null;
  const stayed = own?.dutyCode === household.dutyCode;
  const isRight =
    own === undefined || correctFrom === undefined || !saysOtherwise(own, household, verdict, correctFrom);
  const isKnown =
    own !== undefined && verdict.severity === own.severity && !incomeCame && !lineCame && stayed && isRight;
  if (judged.outcome === 'no-worse' && isKnown) return { outcome: 'alerted', reason, withdraw: others };
  return { outcome: 'alerted', reason, raise: { household, verdict }, withdraw: others };
}

function before(own: LastFindingAlert | undefined): AlertedBefore | undefined {
  if (own === undefined) return undefined;
  return { facts: own.facts, severity: own.severity, saidFen: own.saidFen };
}
