/** How many households two policies treat differently, counted household by household. */
import { lacksJudgement, type Outcome } from './figures.js';

export interface Difference {
  /** Households with another alert, severity or step of triage; each of them once. */
  households: number;
  newlyAlerted: number;
  noLongerAlerted: number;
  /** Alerted under both, one of them more (or less) severe than before. */
  moreSevere: number;
  lessSevere: number;
  newCases: number;
  noLongerCases: number;
}

export function noDifference(): Difference {
  return {
    households: 0,
    newlyAlerted: 0,
    noLongerAlerted: 0,
    moreSevere: 0,
    lessSevere: 0,
    newCases: 0,
    noLongerCases: 0,
  };
}

/**
 * Counts one household; undefined where a policy finds no loss. Where only one of the two could judge it (or all of it), nothing is known of
 * what differs, and nothing is said.
 */
export function countDifference(into: Difference, before: Outcome | undefined, after: Outcome | undefined): void {
  if (lacksJudgement(before) !== lacksJudgement(after)) return;
  const was = alertOf(before);
  const is = alertOf(after);
  if (was.severity === is.severity && was.isCase === is.isCase) return;
  into.households += 1;
  if (was.severity === 0) into.newlyAlerted += 1;
  else if (is.severity === 0) into.noLongerAlerted += 1;
  else if (is.severity > was.severity) into.moreSevere += 1;
  else if (is.severity < was.severity) into.lessSevere += 1;
  if (is.isCase && !was.isCase) into.newCases += 1;
  if (was.isCase && !is.isCase) into.noLongerCases += 1;
}

export function sumOfDifferences(all: readonly Difference[]): Difference {
  const sum = noDifference();
  for (const one of all) for (const key of Object.keys(sum) as (keyof Difference)[]) sum[key] += one[key];
  return sum;
}

/** Severity 0 where no alert is raised. */
function alertOf(outcome: Outcome | undefined): { readonly severity: number; readonly isCase: boolean } {
  if (outcome === undefined || outcome === 'unjudged' || outcome.triage === 'nothing')
    return { severity: 0, isCase: false };
  return { severity: outcome.verdict.severity, isCase: outcome.triage === 'case' };
}
