/**
 * How badly a loss endangers a household: the worst of projected income against the line, the share of income lost, and
 * what is not known; lifted where the household is weak (architecture §4.5, rulebook §1.1). Values are dated policy.
 */
import { alertReasons } from '@fangpin/contracts';
import type { LevelName, LiftReason, SeverityBands, Triage } from '@fangpin/policy';
import type { AssessedHousehold, LossRange, Verdict } from './household.js';

const LEVELS: readonly (readonly [LevelName, number])[] = [
  ['red', 4],
  ['orange', 3],
  ['yellow', 2],
  ['blue', 1],
];
const RED = 4;
const LIFTS: readonly LiftReason[] = [
  'noLabour',
  'severeDisability',
  'alreadyMonitored',
  'recentlyRemoved',
  'unsafeDwelling',
];

export interface SeverityPolicy {
  readonly bands: SeverityBands;
  readonly triage: Triage;
  /** Monitoring line of the place and day, fen per head. */
  readonly lineFen: number;
}

/** Judges a loss above zero. */
export function judge(household: AssessedHousehold, loss: LossRange, policy: SeverityPolicy): Verdict {
  const { bands, lineFen, triage } = policy;
  const lossPerHead = loss.middle / household.persons;
  const known = household.perCapitaFen;
  const projectedFen = known === null ? null : Math.round(known - lossPerHead);
  let reasons = household.facts;
  if (lossPerHead < bands.materialLossShareOfLine * lineFen)
    return { loss, projectedFen, severity: 0, reasons, withheld: 'immaterial' };

  let severity = 0;
  if (known === null || projectedFen === null) {
    severity = bands.incomeUnknown;
    reasons |= alertReasons.incomeUnknown.bit;
  } else {
    const ratio = projectedFen / lineFen;
    const byIncome = levelWhere((level) => ratio < bands.incomeRatioBelow[level]);
    const lossShare = known > 0 ? lossPerHead / known : 1;
    const counts = ratio < bands.lossShareCountsBelowRatio;
    const byLoss = counts ? levelWhere((level) => lossShare >= bands.lossShareFrom[level]) : 0;
    const lowest = known - loss.high / household.persons;
    const byLowest = lowest < lineFen && projectedFen >= lineFen ? bands.lowProjectionUnderLine : 0;
    severity = Math.max(byIncome, byLoss, byLowest);
    if (projectedFen < lineFen) reasons |= alertReasons.incomeBelowLine.bit;
    else if (byIncome > 0 || byLowest > 0) reasons |= alertReasons.incomeNearLine.bit;
    if (byLoss > 0) reasons |= alertReasons.heavyLoss.bit;
  }
  if (severity === 0) return { loss, projectedFen, severity, reasons, withheld: 'income-well-above-line' };
  severity = Math.min(RED, severity + liftOf(household.facts, bands));
  if (severity < triage.alertFrom) return { loss, projectedFen, severity, reasons, withheld: 'below-alert-level' };
  return { loss, projectedFen, severity, reasons };
}

function levelWhere(holds: (level: LevelName) => boolean): number {
  for (const [name, level] of LEVELS) if (holds(name)) return level;
  return 0;
}

/** Levels added for the household's weaknesses, together at most the policy's `maxLift`. */
export function liftOf(facts: number, bands: SeverityBands): number {
  let lift = 0;
  for (const reason of LIFTS) if ((facts & alertReasons[reason].bit) !== 0) lift += bands.lift[reason];
  return Math.min(lift, bands.maxLift);
}
