/** What of a finding goes into the picture of its household: whose it is, and the bill that was paid. */
import type { FindingFacts } from './finding-facts.js';
import { paidFen } from './finding-facts.js';
import { isOfIncome } from './finding-loss.rule.js';

/** Kept with the parts of a joint alert as JSON, so that it is computed again from what it was. */
export interface FoundPart {
  /** Key of the kind of finding. */
  readonly kind: string;
  /** Opaque number of the person, the same of whatever kind and whoever says so; 0 where that is not known. */
  readonly person: number;
  /** First and last day (YYYY-MM-DD) that a cumulative amount covers; of an event its day, twice. */
  readonly since: string;
  readonly until: string;
  /** What was spent over a period, pushed again as it grows; else the bill of an event. */
  readonly cumulative: boolean;
  /** What the household paid itself, fen; beside wages that are lost, where it is both. */
  readonly paidFen: number;
  /** The loss of the alert is the wages of a main earner. */
  readonly ofIncome: boolean;
}

export function foundPart(facts: FindingFacts): FoundPart {
  const { kind, person, spentSince, occurredOn } = facts;
  const cumulative = spentSince !== '';
  return {
    kind: kind.key,
    person,
    since: cumulative ? spentSince : occurredOn,
    until: occurredOn,
    cumulative,
    paidFen: paidFen(facts),
    ofIncome: isOfIncome(facts),
  };
}
