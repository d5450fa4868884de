/**
 * How badly a loss endangers a household: the worst of projected income against the line, the share of income lost, hard
 * spending after refunds, what needs no income, and what is not known; lifted where the household is weak (architecture
 * §4.5, rulebook §1.1). Values are dated policy. Where income is not known, loss and bills are compared with an assumed one.
 */
import { alertReasons } from '@fangpin/contracts';
import { underPolicy, type LevelName, type SeverityBands, type SpendingBands, type Triage } from '@fangpin/policy';
import { factsJudged, LIFT_REASONS, type AssessedHousehold, type LossRange, type Verdict } from './household.js';

const LEVELS: readonly (readonly [LevelName, number])[] = [
  ['red', 4],
  ['orange', 3],
  ['yellow', 2],
  ['blue', 1],
];
const RED = 4;

export interface SeverityPolicy {
  readonly bands: SeverityBands;
  readonly triage: Triage;
  /** Monitoring line of the place and day, fen per head. Throws NoPolicy where none was set. */
  lineFen(): number;
  /** Nothing where the policy version is older than the bands: spending is not judged then. */
  spending(): SpendingBands | undefined;
  /** What is taken for the income per head of a household whose own is not known, fen; nothing where the policy version has no such value. */
  assumedIncomeFen(): number | undefined;
  /** Days since 1970: a risk removed on that day or later was removed recently. Minus infinity where the policy version sets no end. */
  readonly recentSince: () => number;
}

/** What endangers a household whatever it earns, with the level that it reaches by itself, 1–4. */
export interface Need {
  readonly reason: 'dwellingDamaged' | 'waterGone' | 'earnerLost' | 'outOfSchool' | 'personHurt';
  readonly level: number;
}

/**
 * Whether a loss is of income, which is what is left to live on, or a bill to be paid, which is never netted out of income
 * (rulebook §0.3, §2).
 */
export type LossIs = 'income' | 'spending';

/**
 * Judges what has befallen a household: a loss, and `billFen`, what the same thing has cost beside it. Together they are material or
 * not; what is on record of other spending (`spendingFen`) makes nothing material. Throws NoPolicy where no line was set for the place and
 * no need alerts whatever the income.
 */
export function judge(
  household: AssessedHousehold,
  loss: LossRange,
  policy: SeverityPolicy,
  lossIs: LossIs = 'income',
  need?: Need,
  billFen = 0,
): Verdict {
  const { bands, triage } = policy;
  const lossPerHead = loss.middle / household.persons;
  const known = household.perCapitaFen;
  const projectedFen = known === null ? null : Math.round(lossIs === 'income' ? known - lossPerHead : known);
  const facts = factsJudged(household, policy.recentSince);
  let reasons = facts;
  const byNeed = need === undefined ? 0 : need.level;
  const billPerHead = billFen / household.persons;
  // What needs no income does not wait for a line; without one all else would be compared with nothing.
  const lineFen = byNeed === 0 ? policy.lineFen() : underPolicy(policy.lineFen);
  if (byNeed === 0 && lossPerHead + billPerHead < bands.materialLossShareOfLine * (lineFen ?? 0))
    return { loss, projectedFen, severity: 0, reasons, withheld: 'immaterial' };

  let severity = byNeed;
  if (need !== undefined) reasons |= alertReasons[need.reason].bit;
  if (lineFen === undefined) {
    if (known === null) {
      severity = Math.max(severity, bands.incomeUnknown);
      reasons |= alertReasons.incomeUnknown.bit;
    }
    severity = Math.min(RED, severity + liftOf(facts, bands));
    // Too little to be alerted by itself, and with a line it may be more: says what is missing.
    if (severity < triage.alertFrom) policy.lineFen();
    return { loss, projectedFen, severity, reasons, lineUnknown: true };
  }
  const assumedFen = known === null ? policy.assumedIncomeFen() : undefined;
  const income = known ?? assumedFen;
  if (known === null) {
    severity = Math.max(severity, bands.incomeUnknown);
    reasons |= alertReasons.incomeUnknown.bit;
  }
  if (income !== undefined) {
    const left = projectedFen ?? Math.round(lossIs === 'income' ? income - lossPerHead : income);
    let found = 0;
    const ratio = left / lineFen;
    const byIncome = levelWhere((level) => ratio < bands.incomeRatioBelow[level]);
    if (left < lineFen) found |= alertReasons.incomeBelowLine.bit;
    let byLowest = 0;
    if (lossIs === 'income') {
      const lossShare = income > 0 ? lossPerHead / income : 1;
      const counts = ratio < bands.lossShareCountsBelowRatio;
      const byLoss = counts ? levelWhere((level) => lossShare >= bands.lossShareFrom[level]) : 0;
      const lowest = income - loss.high / household.persons;
      byLowest = lowest < lineFen && left >= lineFen ? bands.lowProjectionUnderLine : 0;
      severity = Math.max(severity, byLoss, byLowest);
      if (byLoss > 0) found |= alertReasons.heavyLoss.bit;
    }
    const onRecord = (household.spendingFen ?? 0) / household.persons;
    const spent = onRecord + billPerHead + (lossIs === 'spending' ? lossPerHead : 0);
    if (spent > 0) {
      const spendingBands = policy.spending();
      const bySpending = spendingBands === undefined ? 0 : levelOfSpending(spent, left, lineFen, spendingBands);
      severity = Math.max(severity, bySpending);
      if (bySpending > 0) found |= alertReasons.hardSpending.bit;
    }
    severity = Math.max(severity, byIncome);
    if (left >= lineFen && (byIncome > 0 || byLowest > 0)) found |= alertReasons.incomeNearLine.bit;
    // What was only assumed proves nothing about the household's income; a bill is hard whoever pays it.
    reasons |= known === null ? found & alertReasons.hardSpending.bit : found;
  }
  if (severity === 0) return { loss, projectedFen, severity, reasons, withheld: 'income-well-above-line' };
  severity = Math.min(RED, severity + liftOf(facts, bands));
  if (severity < triage.alertFrom) return { loss, projectedFen, severity, reasons, withheld: 'below-alert-level' };
  if (assumedFen !== undefined) return { loss, projectedFen, severity, reasons, assumedFen };
  return { loss, projectedFen, severity, reasons };
}

/** By what must be spent after refunds, fen per head, beside an income per head. A household without income spends what it lacks. */
export function levelOfSpending(spendingFen: number, incomeFen: number, lineFen: number, bands: SpendingBands): number {
  if (spendingFen <= 0) return 0;
  const share = incomeFen > 0 ? spendingFen / incomeFen : Infinity;
  const remainder = (incomeFen - spendingFen) / lineFen;
  const byShare = remainder < bands.shareCountsBelowRatio ? levelFrom(share, bands.shareFrom) : 0;
  if (share < bands.remainderCountsFromShare) return byShare;
  return Math.max(
    byShare,
    levelWhere((level) => remainder < bands.remainderRatioBelow[level]),
  );
}

/** The highest level whose value is reached; 0 for none. */
export function levelFrom(value: number, from: Readonly<Record<LevelName, number>>): number {
  return levelWhere((level) => value >= from[level]);
}

function levelWhere(holds: (level: LevelName) => boolean): number {
  for (const [name, level] of LEVELS) if (holds(name)) return level;
  return 0;
}

/** Levels added for the household's weaknesses, together at most the policy's `maxLift`. */
export function liftOf(facts: number, bands: SeverityBands): number {
  let lift = 0;
  for (const reason of LIFT_REASONS) if ((facts & alertReasons[reason].bit) !== 0) lift += bands.lift[reason];
  return Math.min(lift, bands.maxLift);
}
