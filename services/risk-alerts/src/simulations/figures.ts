/** Counts of what a shock does to households under one policy. Loss in fen over twelve months; low, middle and high are sums. */
import { levelKeys, type Level, type LevelKey } from '@fangpin/contracts';
import type { LossRange, Verdict, WithheldReason } from '../loss/household.js';
import type { HouseholdType } from './household-type.js';

/** What triage would make of an alert: a case, an item on the village's check list, or nothing where no alert is raised. */
export type TriageStep = 'case' | 'check-item' | 'nothing';

export interface Judged {
  readonly verdict: Verdict;
  readonly triage: TriageStep;
  /** The shock is not of the alert lane: the verdict says what it would do, and nobody is alerted. */
  readonly byLane?: true;
  /** Another thing that the shock is to the household could not be judged. */
  readonly inPart?: true;
}

/** What a policy makes of a household; `unjudged` where it lacks something to judge it by, such as the line of the place. */
export type Outcome = Judged | 'unjudged';

/** Why no alert is raised; `lane`: the shock is a notice or only recorded, as a forecast is. */
export type NotAlerted = WithheldReason | 'lane';

export interface TypeFigures {
  exposed: number;
  alerted: number;
  cases: number;
  checkItems: number;
}

export interface Figures {
  exposed: number;
  alerted: number;
  withheld: number;
  withheldBy: Partial<Record<NotAlerted, number>>;
  /** Households of which something could not be judged; apart from the others, but where something else could be. */
  unjudged: number;
  /** Of the alerted. */
  severities: Record<LevelKey, number>;
  triage: { cases: number; checkItems: number; nothing: number };
  householdTypes: Partial<Record<HouseholdType, TypeFigures>>;
  /** Of the exposed. */
  lossFen: { low: number; middle: number; high: number };
  alertedLossFen: { low: number; middle: number; high: number };
}

export function noFigures(): Figures {
  return {
    exposed: 0,
    alerted: 0,
    withheld: 0,
    withheldBy: {},
    unjudged: 0,
    severities: { red: 0, orange: 0, yellow: 0, blue: 0 },
    triage: { cases: 0, checkItems: 0, nothing: 0 },
    householdTypes: {},
    lossFen: { low: 0, middle: 0, high: 0 },
    alertedLossFen: { low: 0, middle: 0, high: 0 },
  };
}

/** What the live triage asks of a verdict: `caseFrom` of the place's policy decides between case and check list. */
export function triageOf(verdict: Verdict, caseFrom: number): TriageStep {
  if (verdict.withheld !== undefined) return 'nothing';
  return verdict.severity >= caseFrom ? 'case' : 'check-item';
}

/** Whether a policy could not judge a household, or not all that the shock is to it. */
export function lacksJudgement(outcome: Outcome | undefined): boolean {
  return outcome === 'unjudged' || outcome?.inPart === true;
}

/** Counts one household that is exposed, or that could not be judged. */
export function count(figures: Figures, outcome: Outcome, type: HouseholdType): void {
  if (lacksJudgement(outcome)) figures.unjudged += 1;
  if (outcome === 'unjudged') return;
  const { verdict, triage, byLane } = outcome;
  const withheld: NotAlerted | undefined = byLane ? 'lane' : verdict.withheld;
  const ofType = (figures.householdTypes[type] ??= { exposed: 0, alerted: 0, cases: 0, checkItems: 0 });
  figures.exposed += 1;
  ofType.exposed += 1;
  addLoss(figures.lossFen, verdict.loss);
  if (withheld !== undefined) {
    figures.withheld += 1;
    figures.withheldBy[withheld] = (figures.withheldBy[withheld] ?? 0) + 1;
    figures.triage.nothing += 1;
    return;
  }
  figures.alerted += 1;
  ofType.alerted += 1;
  addLoss(figures.alertedLossFen, verdict.loss);
  const level = levelKeys[verdict.severity as Level] as LevelKey | undefined;
  if (level !== undefined) figures.severities[level] += 1;
  if (triage === 'case') {
    figures.triage.cases += 1;
    ofType.cases += 1;
  } else {
    figures.triage.checkItems += 1;
    ofType.checkItems += 1;
  }
}

export function sumOfFigures(all: readonly Figures[]): Figures {
  const sum = noFigures();
  for (const figures of all) {
    sum.exposed += figures.exposed;
    sum.alerted += figures.alerted;
    sum.withheld += figures.withheld;
    for (const [why, n] of Object.entries(figures.withheldBy) as [NotAlerted, number][])
      sum.withheldBy[why] = (sum.withheldBy[why] ?? 0) + n;
    // Shadow runs of before know none.
    sum.unjudged += figures.unjudged ?? 0;
    for (const level of Object.values(levelKeys)) sum.severities[level] += figures.severities[level];
    sum.triage.cases += figures.triage.cases;
    sum.triage.checkItems += figures.triage.checkItems;
    sum.triage.nothing += figures.triage.nothing;
    for (const [type, n] of Object.entries(figures.householdTypes) as [HouseholdType, TypeFigures][]) {
      const into = (sum.householdTypes[type] ??= { exposed: 0, alerted: 0, cases: 0, checkItems: 0 });
      into.exposed += n.exposed;
      into.alerted += n.alerted;
      into.cases += n.cases;
      into.checkItems += n.checkItems;
    }
    addLoss(sum.lossFen, figures.lossFen);
    addLoss(sum.alertedLossFen, figures.alertedLossFen);
  }
  return sum;
}

function addLoss(into: { low: number; middle: number; high: number }, loss: LossRange): void {
  into.low += loss.low;
  into.middle += loss.middle;
  into.high += loss.high;
}
